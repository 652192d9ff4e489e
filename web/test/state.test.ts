import { describe, expect, it } from "vitest";
import { asked, opening, COMPARED, fromAddress, isUsers, RUN, START, toAddress, toView, type State } from "../src/core/state";

const state: State = {
  ...START,
  view: "compare", case: "isis", as_of: "2026-03-13", at: 36, focus: "CAN", against: "leave-in-camps",
  levers: { border: 0.6, "programmes@GBR": 0.7 }, given: ["all fall by 2019-03"], seen: ["fall:raqqa"], assume: { "leaving.retained": 0.5 }, show: { tab: "levers" },
};

describe("the address", () => {
  it("restores the whole state", () => {
    expect(fromAddress(toAddress(state))).toEqual(state);
    expect(toAddress(state)).toBe(
      "#/compare?case=isis&as_of=2026-03-13&at=36&focus=CAN&against=leave-in-camps&lever=border=0.6&lever=programmes@GBR=0.7" +
        "&given=all+fall+by+2019-03&seen=fall:raqqa&assume=leaving.retained=0.5&v.tab=levers",
    );
  });
  it("is plain for the plain page", () => {
    expect(toAddress(START)).toBe("#/outlook");
    expect(fromAddress("")).toEqual(START);
  });
  it("takes anything without an error, and keeps only what it knows", () => {
    for (const odd of ["#/x?focus=<b>&at=-3", "#?at=1e9&lever==1&lever=a", "%%%", "#/compare?assume=x=&lever=border=7"]) expect(() => fromAddress(odd)).not.toThrow();
    expect(fromAddress("#/nowhere?focus=<b>&at=-3&as_of=today&words=runes")).toEqual(START);
    expect(fromAddress("#/compare?lever=border=7&lever=z=-1&lever=w=x").levers).toEqual({ border: 1, z: 0 });
    expect(fromAddress("#/outlook?focus=WLD").focus).toBe("");
  });
  it("drops what only the old view remembered", () => {
    expect(toView(state, "flows")).toMatchObject({ view: "flows", focus: "CAN", show: {} });
  });
});

describe("the opening", () => {
  it("is the server's choice only where the address says nothing", () => {
    expect(opening("", { focus: "CAN" })).toEqual({ focus: "CAN" });
    expect(opening("#/outlook?case=tiny", { focus: "CAN" })).toBeNull();
  });
});

describe("requests", () => {
  it("take the part of the state that they know", () => {
    expect(asked(state, RUN).get("lever")).toBeNull();
    expect(asked(state, COMPARED).getAll("lever")).toEqual(["border=0.6", "programmes@GBR=0.7"]);
    expect(asked(START, RUN).toString()).toBe("");
  });
  it("of the user's own are known as such", () => {
    expect([isUsers(START), isUsers(state), isUsers({ ...START, assume: { x: 1 } })]).toEqual([false, true, true]);
  });
});
