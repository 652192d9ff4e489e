"""Attack: attempts by committed returnees, by those sent and by the inspired; completed or foiled; casualties.

Computed after the run (`attack_model`). In country k and month t, with yearly waves G of mean one::

    returnees   committed (R + settled (C - R))                    R committed newly back, C all committed at large
    the sent    operative / cell (O_home + w_k O_abroad)           people in place, in cells; w_k share of targets
    inspired    inspired M exp(dispatch.salience coalition) reach  M the milieu, in thousands who travelled
    attempts    Poisson(G sum of the three),  G ~ Gamma(waves, 1 / waves) a region and calendar year
    next year   G' = B G + E,  B ~ Beta(r waves, (1 - r) waves),  E ~ Gamma((1 - r) waves, 1 / waves),  r ~ U(0, 1)
    completed   each attempt with chance completed, the others are foiled or fail
    deaths      none with chance 1 - fatal, else P(D >= d) = ((d + b) / (1 + b)) ** -(tail - 1),  b = body (x cell)

Any country can be a target: w_k is proportional to N exp(dispatch.salience coalition), with N the number who travelled
from k. `reach` is the reach of the ideology, which is one at the height of the territory. Until the as-of date it
follows the share of territory held at hazard `fade`; after that it is the slow stock of the run (`ideology_reach`).
Members of one cell make one attempt together.

**Waves.** The level of a year lasts into the next: r is the correlation of two successive years, one for all regions.
Nothing here informs it, so each trajectory draws it from its uniform prior. The wave of a year of which something is
known is drawn given that, for each year by itself.

**Milieu.** Travellers are a poor measure of how many may be inspired: in Canada and the United States few had left, and
attackers had not travelled. M is learned from attacks that were public, by country, partially pooled: from travellers,
from Muslims of the population, and from what remains of each country (`milieu`). For a country without a list of
attacks it is N / 1000, with the spread between countries.

**Fitting.** Yearly counts of attempts inform only sums of products, such as the share who are committed times a hazard.
For each trajectory the six parameters of attempts are drawn again from their priors, given the people of the
trajectory, with weights proportional to the likelihood of what was public by the as-of date: yearly counts of attempts,
how listed attacks split over years, and shares of attempts with somebody sent or returned, which inform the split
between the three, with the waves of the years that they are about (`importance_resampling`). No source gives a rate for
`operative`. Its prior, 0.02 to 2 a month, is derived from the time between arrival and attack of cells that did attack:
three to twenty months for those of 11 September 2001 (9/11 Commission 2004), five for that of 7 July 2005 (Intelligence
and Security Committee 2006). One over these times is 0.05 to 0.33; the prior reaches as low again for cells that never
attacked, whose time nobody reports, and higher for cells that attacked within weeks. Times of 2014 and 2015 lie inside
(two weeks to six months; over three years for the attack of January 2015). For as-of dates from 2018 on: most attempts
of returnees came within six months (Malet and Hayes 2018).

**Armed hosts.** Where an armed organisation is at war, its attacks are not attempts in this sense, and no count of
attempts covers them: such countries are left out (`armed_hosts`).

The run itself does not change: attack counts do not inform people here. Casualties are not fitted. Their tail is that
of deadly terrorist events worldwide: a density exponent of 2.4 +- 0.1 above ten deaths (Clauset and Woodard 2013,
doi:10.1214/12-AOAS614; a case has it as a prior from its publication on). The power-law tail was known before (Clauset,
Young and Gleditsch 2007, doi:10.1177/0022002706296157), and the model's own prior is wide. A mean exists, a variance
does not.

**Entry among migrants**, in the aggregate only (`border_crossings`): a share `disguised` of those sent from the theatre
is among those who cross irregularly, and screening finds each with probability `screened`. Reported per million
crossings and as yearly counts for all of Europe; never by route, nationality or method.

Assumptions: returnees attack at home. Minors never attack, nor do prisoners. Foiling does not improve over time. Those
who are monitored or in a programme attempt at the same hazard as others of their disposition, since we know of no
measurement of what monitoring prevents. The hazard changes by the ratio `settled` after the first months at home. That
most attempts of returnees came early was published in 2018 (Malet and Hayes): a case has it as a prior from then on,
and the model's own prior is centred on no change.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Parameter, Part


def attack(view: CaseView) -> Part:
    """Parameters only: attacks are computed after the run."""
    rows = _parameters()
    return Part(parameters=rows, uses=tuple(p.name for p in rows))


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "attack.committed", "hazard of an attempt by a committed returnee newly back", "a month", "log", 1e-5, 5e-3
        ),
        Parameter("attack.settled", "the same after the first months, against newly back", "ratio", "log", 0.2, 5.0),
        Parameter(
            "attack.operative", "hazard of an attempt by a cell of the sent, in place", "a month", "log", 0.02, 2.0
        ),
        Parameter("attack.cell", "people in a cell of the sent", "people", "log", 1.5, 10.0),
        Parameter(
            "attack.inspired",
            "inspired attempts for each 1,000 of the milieu, at full reach",
            "a month",
            "log",
            0.005,
            1.0,
        ),
        Parameter("attack.waves", "how even attempts of a region are from year to year", "size", "positive", 1.0, 15.0),
        Parameter("attack.fade", "hazard at which reach follows the territory held", "a month", "log", 0.02, 0.3),
        Parameter("attack.completed", "share of attempts that are completed", "share", "share", 0.1, 0.8),
        Parameter("attack.fatal", "share of completed attacks that kill", "share", "share", 0.3, 0.9),
        Parameter("attack.tail", "exponent of the tail of deaths", "exponent", "positive", 2.05, 3.2),
        Parameter("attack.body", "deaths below which the tail bends", "deaths", "positive", 0.5, 6.0),
        Parameter("attack.disguised", "share of the sent who cross among migrants", "share", "share", 0.05, 0.9),
        Parameter("attack.screened", "chance that screening finds one of them", "share", "share", 0.01, 0.5),
        Parameter("attack.crossings", "spread of a year's crossings about the last known", "log", "positive", 0.3, 1.0),
    )
