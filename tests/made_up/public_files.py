"""Small made-up files in the true form of each public data set: headers, dates and codes as published."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from afterfall.importers.ucdp_events import GED_COLUMNS

#: Events of UCDP: what differs from `EVENT`.
EVENT = {
    "id": "1001",
    "relid": "YEM-2015-1-001-1",
    "year": "2015",
    "active_year": "True",
    "code_status": "Clear",
    "type_of_violence": "1",
    "dyad_name": "Government of Yemen (North Yemen) - AQAP",
    "side_a": "Government of Yemen (North Yemen)",
    "side_b": "AQAP",
    "country": "Yemen (North Yemen)",
    "country_id": "678",
    "region": "Middle East",
    "date_prec": "1",
    "date_start": "2015-04-02 00:00:00.000",
    "date_end": "2015-04-02 00:00:00.000",
    "best": "5",
    "high": "7",
    "low": "4",
}
EVENTS: tuple[Mapping[str, str], ...] = (
    EVENT,
    EVENT | {"id": "1002", "date_start": "2015-04-20 00:00:00.000", "date_end": "2015-04-21 00:00:00.000"},
    EVENT | {"id": "1003", "type_of_violence": "3", "side_a": "AQAP", "side_b": "Civilians"},
    EVENT | {"id": "1004", "side_b": "Forces of Hadi", "dyad_name": "Government - Forces of Hadi"},
    EVENT | {"id": "1005", "date_start": "2015-01-01 00:00:00.000", "date_end": "2015-12-31 00:00:00.000"},
    EVENT | {"id": "1006", "country": "Somalia"},
    EVENT | {"id": "1007", "code_status": "Check deaths"},
    EVENT | {"id": "1008", "best": "9", "high": "8", "low": "8"},
)
ACLED_HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
ACLED_ROW = (
    "{id},{date},2015,1,Political violence,{kind},Armed clash,AQAP: Al Qaeda in the Arabian Peninsula,,Rebel group,"
    "Military Forces of Yemen (2012-2016),,State forces,State forces-Rebel group,,887,Middle East,Yemen,Hadramawt,"
    'Mukalla,,Mukalla,14.5425,49.1242,1,A paper,National,"A clash, made up.",{deaths},,{stamp}'
)
ACLED = "\n".join(
    (
        ACLED_HEADER,
        ACLED_ROW.format(id="YEM1", date="2015-04-02", kind="Battles", deaths=3, stamp=1552576800),
        ACLED_ROW.format(
            id="YEM2", date="03 April 2015", kind="Explosions/Remote violence", deaths=0, stamp=1552576800
        ),
        ACLED_ROW.format(id="YEM3", date="2015-04-05", kind="Protests", deaths=0, stamp=1618500000),
    )
)
POPULATION = """\
Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),\
Refugees under UNHCR's mandate,Asylum-seekers,IDPs of concern to UNHCR,\
Other people in need of international protection,Stateless persons,Host Community,Others of concern
2016,Syrian Arab Rep.,SYR,Türkiye,TUR,2500,40,0,-,0,-,0
2016,Syrian Arab Rep.,SYR,Syrian Arab Rep.,SYR,0,0,6300,-,0,-,0
2016,Unknown,UNK,Türkiye,TUR,5,0,0,-,0,-,0
2016,-,-,-,-,9000,100,6300,-,0,-,0
2025,Syrian Arab Rep.,SYR,Türkiye,TUR,100,0,0,-,0,-,0
"""
SOLUTIONS = """\
Extracted from the UNHCR Population Statistics Reference Database,,,,,,,,
,,,,,,,,
Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Resettlement arrivals,\
Naturalisation,Returned IDPs,Returned refugees
2017,Syrian Arab Rep.,SYR,Canada,CAN,900,30,0,0
2017,Syrian Arab Rep.,SYR,Türkiye,TUR,0,0,0,77
2017,Iraq,IRQ,Iraq,IRQ,0,0,1500,0
"""
EUROSTAT = """\
DATAFLOW,LAST UPDATE,freq,unit,citizen,sex,age,applicant,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
ESTAT:MIGR_ASYAPPCTZA(1.0),15/05/24 23:00:00,A,PER,SY,T,TOTAL,FRST,DE,2016,266250,,
ESTAT:MIGR_ASYAPPCTZA(1.0),15/05/24 23:00:00,A,PER,SY,T,TOTAL,ASY_APP,DE,2016,268800,,
ESTAT:MIGR_ASYAPPCTZA(1.0),15/05/24 23:00:00,A,PER,SY,M,TOTAL,FRST,DE,2016,170000,,
ESTAT:MIGR_ASYAPPCTZA(1.0),15/05/24 23:00:00,A,PER,SY,T,TOTAL,FRST,EL,2016,26630,p,
ESTAT:MIGR_ASYAPPCTZA(1.0),15/05/24 23:00:00,A,PER,SY,T,TOTAL,FRST,EU27_2020,2016,334865,,
ESTAT:MIGR_ASYAPPCTZA(1.0),15/05/24 23:00:00,A,PER,TOTAL,T,TOTAL,FRST,DE,2016,722265,,
ESTAT:MIGR_ASYAPPCTZA(1.0),15/05/24 23:00:00,A,PER,SY,T,TOTAL,FRST,UK,2020,:,,
"""
EUROSTAT_TSV = (
    "freq,unit,citizen,sex,age,asyl_app,geo\\TIME_PERIOD\t2016-01 \t2016-02 \n"
    "M,PER,SY,T,TOTAL,NASY_APP,DE\t25590 \t: \n"
    "M,PER,SY,T,TOTAL,NASY_APP,FR\t250 p\t300 e\n"
    "M,PER,SY,F,TOTAL,NASY_APP,FR\t50 \t60 \n"
)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
FRONTEX = "\n".join(
    (
        ",".join(("Route,Border type or inland,Nationality", *(f"{m}2015" for m in MONTHS), "JAN2016", "FEB2016")),
        ",".join(("Eastern Mediterranean Route,Sea,Syria", *["100"] * 12, "7", "8")),
        ",".join(("Western Balkan Route,Land,Unspecified sub-Saharan nationals", "5", *[""] * 11, "1", "")),
        ",".join(("Exit towards UK,Sea,Iraq", *["10"] * 12, "1", "1")),
    )
)
VIEWS = "month_id,country_id,outcome\n457,124,3\n458,124,0\n457,9999,1\n"
HXL = """\
Country Name,Country ISO3,Year,Indicator Name,Indicator Code,Value
#country+name,#country+code,#date+year,#indicator+name,#indicator+code,#indicator+value+num
Jordan,JOR,2013,GDP per capita (current US$),NY.GDP.PCAP.CD,4000
Jordan,JOR,2013,Political Stability and Absence of Violence/Terrorism: Estimate,PV.EST,-0.61
Jordan,JOR,2013,Access to electricity (%),EG.ELC.ACCS.ZS,99.5
"""


def ged(events: Sequence[Mapping[str, str]] = EVENTS, *, header: bool = True, tags: bool = False) -> str:
    """Events as a CSV file of UCDP, with or without a header row, and with HXL tags as HDX has them."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, GED_COLUMNS, restval="", lineterminator="\n")
    if header:
        writer.writeheader()
    if tags:
        text.write(",".join("#date+start" if c == "date_start" else f"#meta+{c}" for c in GED_COLUMNS) + "\n")
    writer.writerows(events)
    return text.getvalue()


def ged_page(events: Sequence[Mapping[str, str]] = EVENTS, *, pages: int = 1) -> str:
    """Events as the API answers: numbers as numbers, and dates with a T."""
    numbers = ("id", "year", "type_of_violence", "country_id", "date_prec", "best", "high", "low")
    result = [
        {
            **{name: int(value) if name in numbers else value for name, value in event.items()},
            "active_year": True,
            "date_start": event["date_start"][:10] + "T00:00:00",
            "date_end": event["date_end"][:10] + "T00:00:00",
        }
        for event in events
    ]
    following = "" if pages == 1 else "https://ucdpapi.pcr.uu.se/api/gedevents/24.1?page=1"
    page = {"TotalCount": len(result), "TotalPages": pages, "PreviousPageUrl": "", "NextPageUrl": following}
    return json.dumps({**page, "Result": result})


def put(folder: Path, name: str, text: str) -> Path:
    """Write a file, and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
