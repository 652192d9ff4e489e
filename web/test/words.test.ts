import { describe, expect, it } from "vitest";
import { chance, day, monthsAfter, published, range, share, signed, two } from "../src/core/numbers";
import { findPlaces, slips } from "../src/core/places";
import en from "../src/strings.en.json";
import fr from "../public/strings.fr-CA.json";

describe("numbers", () => {
  it("follow the rules of the command line", () => {
    expect([17432, 86.4, 3, 0.0344, NaN, 999.9].map(two)).toEqual(["17,000", "86", "3", "0.034", "–", "1,000"]);
    expect([range(2041, 11120), range(-130, 8), range(0, 0)]).toEqual(["2,000–11,000", "−130 to 8", "0"]);
    expect([published(185), published(3), published(0)]).toEqual(["185", "<5", "0"]);
    expect([signed(53), signed(-53), signed(0.001)]).toEqual(["+53", "−53", "0"]);
    expect([chance(0.31), chance(0.003), chance(0.995), chance(0)]).toEqual(["31 in 100", "about 3 in 1,000", "about 995 in 1,000", "under 1 in 1,000"]);
    expect([share(0.311), share(0.004), share(0)]).toEqual(["31%", "<1%", "0%"]);
    expect([day("2017-02-13"), day("2017-02"), monthsAfter("2017-02-13", 36), monthsAfter("2016-12-31", 1)]).toEqual(["13 Feb 2017", "Feb 2017", "2020-02", "2017-01"]);
  });
});

describe("places", () => {
  const places = [
    { code: "CIV", name: "Côte d’Ivoire", aliases: ["Ivory Coast"] },
    { code: "GBR", name: "United Kingdom", aliases: ["UK", "Britain"] },
    { code: "CAN", name: "Canada" },
    { code: "KAZ", name: "Kazakhstan" },
    { code: "TUR", name: "Türkiye", aliases: ["Turkey"] },
  ];
  const first = (typed: string) => findPlaces(typed, places)[0]?.code;
  it("are found as people type them", () => {
    expect(["cote d", "ivory", "uk", "brit", "cand", "kazakstan", "turkey", "turkiye", "can"].map(first)).toEqual(["CIV", "CIV", "GBR", "GBR", "CAN", "KAZ", "TUR", "TUR", "CAN"]);
    expect(findPlaces("zzz", places)).toEqual([]);
    expect(findPlaces("", places)).toHaveLength(5);
  });
  it("count slips of the finger", () => {
    expect([slips("abc", "acb"), slips("abc", "abd"), slips("", "ab")]).toEqual([1, 1, 2]);
  });
});

describe("strings", () => {
  it("have the same keys in French as in English, and the same values in braces", () => {
    expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(fr as Record<string, string>)) {
      const english = (en as Record<string, string>)[key];
      expect(english, key).toBeTruthy();
      const values = (one: string) => [...one.matchAll(/\{\w+\}/g)].map(String).sort();
      expect(values(text), key).toEqual(values(english!));
    }
  });
});
