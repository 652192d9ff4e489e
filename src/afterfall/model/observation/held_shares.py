"""How many of an origin's people are held, given published counts of them: drawn by role and custodian.

Groups of counts j differ in whose custodians and which roles they are of. States that no group tells apart form a class
k; class 0 is of no group. Of the n[r] people of role r among whom counts see the held (those neither returned nor
dead; where the share in the theatre is drawn, those there), the number in each class is::

    P ~ nested(M),  p[r, k] ~ h[r, k] P[k] / M[k],  n[r, .] ~ multinomial(n[r], p[r, .])

with h the history's shares and M their mean over people. So one factor for each class acts on the odds of all roles.
Roles that the groups tell apart and that somebody counts have shares of their own, nested around the above (together,
if all groups count them alike). Roles that nobody counts follow P. The born in a class are Poisson as in
`births_so_far`, by its women; they count as minors, and a count of minors is one of women too in this respect.

Where a value tells classes apart, the history's shares are worth w = `HELD_WORTH`, one person: a unit-information prior
(Kass and Wasserman 1995, doi:10.1080/01621459.1995.10476592). They are those of a region, while an origin's people are
held where its own were taken; with the concentration of origins without counts, a region with few held would overrule a
count. Worth so little, they are nearly "nobody or everybody" where nothing else pins the number. So classes that only
bounds tell apart, and all classes for roles that no value counts, keep the concentration m of origins without counts
(`nowcast.mixing`). Blocks b of classes that values (of everyone for P, of the role else) do not tell apart give::

    nested(M):  P[b] ~ Dirichlet(w M[b]),  P[k] / P[b] ~ Dirichlet(m M[k]) within each b

What a group counts is the number in its cells (r, k), whole people: groups that contain each other or overlap are
counts of the same draw, so the contained can never be more than what contains them. A value is lognormal around that
number, with the error of its source and the one common to all counts; values of a group are a mixture by weight; bounds
are tails. The draw is one of `HELD_CANDIDATES`, weighted by target over proposal; where few are effective, `MORE_HELD`
join them. The proposal chooses one value of each group (all alike likely), fits shares to them by proportional fitting
of odds in turn (`fitted_shares`), and draws Dirichlet shares around these, worth what the counts are worth.

Assumptions: the total, the shares returned and dead, and the roles of those left follow other figures; counts of the
held bound only how many are left (`candidates.log_room`). Where classes have several states, women are spread over
them as in the history when the born are counted.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import GAMMA_SLOTS, joined, uniform
from afterfall.engine.program import Flags, Floats, Keys, Longs
from afterfall.engine.quantiles import poisson_quantile
from afterfall.model.observation.births_so_far import born_factor
from afterfall.model.observation.candidates import LEAST_EFFECTIVE, LESS, chosen, effective_number
from afterfall.model.observation.count_density import log_held
from afterfall.model.observation.initial_state_plan import (
    CHOOSE,
    FAMILY,
    NODE,
    SPLIT,
    InitialStateBeliefs,
    InitialStatePlan,
)
from afterfall.model.observation.nested_shares import HELD_WORTH, moved, multinomial, nested

#: Candidates, and how many more where fewer than `LEAST_EFFECTIVE` of them are effective.
HELD_CANDIDATES, MORE_HELD = 192, 384
#: Candidates where a rough draw is enough.
ROUGH_CANDIDATES = 32
#: Keys of these candidates start here, apart from those of the totals.
KEYS_FROM = 1 << 20
#: Rounds of proportional fitting.
ROUNDS = 12
#: Roles in the order of an origin's cohorts.
FIGHTER, ADULT, BORN = 0, 1, 3


@jit
def expected_held(plan: InitialStatePlan, beliefs: InitialStateBeliefs, o: int, pool: Flags) -> Floats:
    """Share of each class by role in the history, and the born for each parent in it: ``[4, J]``, of the pool."""
    out, first = np.zeros((4, plan.held_cells.shape[2])), plan.cohorts_of[o, 0]
    for r in range(4):
        for s in range(plan.node.size):
            if pool[s]:
                out[r, plan.held_class[o, s]] += beliefs.shares[plan.regional[first + r], s]
    for k in range(out.shape[1]):
        parents = out[ADULT, k] + beliefs.fathers * out[FIGHTER, k]
        out[BORN, k] = out[BORN, k] / parents if parents > 1e-9 else 0.0
    for r in range(BORN):
        out[r] /= max(out[r].sum(), 1e-300)
    return out


@jit
def fitted_shares(
    plan: InitialStatePlan, o: int, people: Longs, expected: Floats, born: tuple[float, float], targets: Floats
) -> Floats:
    """Shares of classes by role ``[3, J]`` that meet the targets of the groups as far as they can.

    Starts from the history's and multiplies the odds of each group in turn. A target that is not a number is left out.
    A count with minors moves women as well, since the born follow them. `born` is the origin's factor on the born, and
    what a man counts for as a parent.
    """
    p = expected[:BORN].copy()
    for _ in range(ROUNDS):
        for j in range(targets.size):
            cells, held, among = plan.held_cells[plan.first_held[o] + j], 0.0, 0.0
            if math.isnan(targets[j]):
                continue
            for k in range(p.shape[1]):
                for r in range(BORN):
                    held += people[r] * p[r, k] if cells[r, k] else 0.0
                    among += people[r] * p[r, k] if cells[r].any() else 0.0
                parents = people[ADULT] * p[ADULT, k] + born[1] * people[FIGHTER] * p[FIGHTER, k]
                births = parents * expected[BORN, k] * born[0]
                held += births if cells[BORN, k] else 0.0
                among += births if cells[BORN].any() else 0.0
            if not 0.0 < held < among:
                continue
            share = min(targets[j] / among, 0.95)
            factor = share / (1.0 - share) * (among - held) / held
            for r in range(BORN):
                moves = cells[r] if r != ADULT else cells[ADULT] | cells[BORN]
                for k in range(p.shape[1]):
                    p[r, k] *= factor if moves[k] else 1.0
                p[r] /= max(p[r].sum(), 1e-300)
    return p


@jit
def proposed_counts(
    plan: InitialStatePlan, o: int, subkey: np.uint64, key: np.uint64, usual: Floats, people: Floats, v: float
) -> tuple[float, Longs, Floats]:
    """One value of each group, chosen alike: log of weight over chance, positions, and worth per person among whom.

    `usual` are the counts that the history expects of the groups, `people` those among whom each counts; `v` is the
    relative variance common to all counts. Of a group of bounds alone, a bound that is not met is chosen, or none (-1,
    with a worth of zero).
    """
    first, n = plan.first_held[o], plan.first_held[o + 1] - plan.first_held[o]
    ratio, picks, worth = 0.0, np.full(n, -1), np.zeros(n)
    for j in range(n):
        start, end, values = plan.first_held_figure[first + j], plan.first_held_figure[first + j + 1], 0
        for i in range(start, end):
            values += int(plan.held_bound[i] == 0)
        pick = min(int(uniform(subkey, key, 0, FAMILY + j) * values), values - 1)
        for i in range(start, end):
            y = math.exp(plan.held_log[i])
            if plan.held_bound[i] == 0:
                pick -= 1
                if pick != -1:
                    continue
                ratio += math.log(plan.held_weight[i] * values)
            elif values > 0 or (y - usual[j]) * plan.held_bound[i] <= 0.0:
                continue
            picks[j] = i
            share = min(max(y / max(people[j], 1.0), 1e-6), 0.95)
            worth[j] = min((1.0 - share) / (share * (plan.held_sd[i] ** 2 + v) * max(people[j], 1.0)), 1.0)
            worth[j] *= LESS if plan.held_bound[i] != 0 else 1.0
    return ratio, picks, worth


@jit
def counted(plan: InitialStatePlan, o: int, numbers: Floats) -> Floats:
    """What each group counts of people by role and class ``[4, J]``."""
    out = np.zeros(plan.first_held[o + 1] - plan.first_held[o])
    for j in range(out.size):
        cells = plan.held_cells[plan.first_held[o] + j]
        for r in range(4):
            for k in range(numbers.shape[1]):
                out[j] += numbers[r, k] if cells[r, k] else 0.0
    return out


@jit
def log_counts(plan: InitialStatePlan, o: int, picks: Longs, numbers: Floats, v: float) -> float:
    """Log density of the chosen values and of all bounds, given what each group counts."""
    first, total = plan.first_held[o], 0.0
    for j in range(numbers.size):
        for i in range(plan.first_held_figure[first + j], plan.first_held_figure[first + j + 1]):
            if i == picks[j] or plan.held_bound[i] != 0:
                error = plan.held_sd[i] ** 2 + v
                total += log_held(plan.held_log[i], numbers[j], error, plan.held_bound[i])
    return total


@jit
def worth_of_role(plan: InitialStatePlan, o: int, worth: Floats, r: int) -> float:
    """Largest worth of the groups that count a role; the born count as women, whom they follow."""
    largest = 0.0
    for j in range(worth.size):
        cells = plan.held_cells[plan.first_held[o] + j]
        if cells[r].any() or (r == ADULT and cells[BORN].any()):
            largest = max(largest, worth[j])
    return largest


@jit
def least_worth(worth: Floats) -> float:
    """The least worth of the groups of which a count was chosen; zero without one."""
    least = math.inf
    for j in range(worth.size):
        least = min(least, worth[j]) if worth[j] > 0.0 else least
    return least if least < math.inf else 0.0


@jit
def draw_classes(
    plan: InitialStatePlan,
    o: int,
    people: Longs,
    expected: Floats,
    fitted: Floats,
    worth: Floats,
    mixing: float,
    subkey: np.uint64,
    key: np.uint64,
    out: Floats,
) -> float:
    """Draw travellers by role and class into ``out[:3]``; the log of the prior over the proposal.

    `fitted` ``[3, J]`` is where the proposal draws, with `worth` by group.
    """
    n, total, roles = expected.shape[1], people.sum(), plan.held_roles[o]
    mean, near, p, shares = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros((BORN, n))
    for r in range(BORN):
        mean += people[r] / total * expected[r]
        near += people[r] * fitted[r]
    near *= HELD_WORTH / total if roles.max() >= 0 else least_worth(worth)  # counts of roles say little of all
    ratio = nested(mean, plan.held_alike[o, 0], mixing, near, subkey, key, NODE, p)
    for r in range(BORN):
        moved(expected[r], p, mean, shares[r])
    for first in range(BORN):
        together, slot = people * (roles == first), NODE + 2 * GAMMA_SLOTS * n * (1 + first)
        if together.sum() > 0:
            own, near = np.zeros(n), np.zeros(n)
            for r in range(BORN):
                own += together[r] / together.sum() * shares[r]
                near += together[r] * fitted[r] * worth_of_role(plan, o, worth, first)
            ratio += nested(own, plan.held_alike[o, 1 + first], mixing, near, subkey, key, slot, p)
            for r in range(BORN):
                if roles[r] == first:
                    moved(shares[r], p, own, shares[r])
    for r in range(BORN):
        multinomial(people[r], shares[r], subkey, key, 1 + r, out[r])
    return ratio


@jit
def draw_born(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    expected: Floats,
    factor: float,
    uniforms: Floats,
    out: Floats,
) -> None:
    """Write into ``out[3]`` the born in each class whom `births_so_far` will draw, by its keyed `uniforms` ``[S]``.

    Of classes in which no group counts them, nobody is written.
    """
    row = plan.regional[plan.cohorts_of[o, 0] + BORN]
    out[BORN] = 0.0
    for k in range(1, out.shape[1]):
        if not plan.held_cells[plan.first_held[o] : plan.first_held[o + 1], BORN, k].any():
            continue
        parents = out[ADULT, k] + beliefs.fathers * out[FIGHTER, k]
        if parents == 0.0 or expected[BORN, k] == 0.0:
            continue
        total = 0.0
        for s in range(plan.node.size):
            total += beliefs.shares[row, s] if plan.held_class[o, s] == k else 0.0
        for s in range(plan.node.size):
            if plan.held_class[o, s] == k and beliefs.shares[row, s] > 0.0:
                mean = parents * expected[BORN, k] * factor * beliefs.shares[row, s] / total
                out[BORN, k] += poisson_quantile(uniforms[s], mean)


@jit
def among_counted(
    plan: InitialStatePlan, o: int, people: Longs, expected: Floats, born: tuple[float, float]
) -> tuple[Floats, Floats]:
    """What the history expects each group to count, and the people among whom it counts."""
    numbers, every = np.zeros((4, expected.shape[1])), np.zeros(plan.first_held[o + 1] - plan.first_held[o])
    for r in range(BORN):
        numbers[r] = people[r] * expected[r]
    numbers[BORN] = (numbers[ADULT] + born[1] * numbers[FIGHTER]) * expected[BORN] * born[0]
    for j in range(every.size):
        for r in range(4):
            every[j] += numbers[r].sum() if plan.held_cells[plan.first_held[o] + j, r].any() else 0.0
    return counted(plan, o, numbers), every


@jit
def choose_held(
    plan: InitialStatePlan,
    beliefs: InitialStateBeliefs,
    o: int,
    people: Longs,
    pool: Flags,
    cell_key: Keys,
    subkey: np.uint64,
    out: Longs,
) -> float:
    """Split people by role ``[3]`` over the classes of states of a pool into `out` ``[3, J]``; the effective number.

    Where no candidate has a weight, the number is zero and nothing is written.
    """
    expected = expected_held(plan, beliefs, o, pool)
    factor = born_factor(beliefs.mixing, subkey, plan.origin_key[o])
    usual, every = among_counted(plan, o, people, expected, (factor, beliefs.fathers))
    if people.sum() == 0:
        return 0.0
    born_key, v = cell_key[plan.cohorts_of[o, 0] + BORN], beliefs.held_discrepancy**2
    uniforms = np.array([uniform(subkey, born_key[s], 0, SPLIT) for s in range(plan.node.size)])
    drawn = np.zeros((HELD_CANDIDATES + MORE_HELD, 4, expected.shape[1]))
    n = ROUGH_CANDIDATES if beliefs.rough else HELD_CANDIDATES
    logs, effective = np.empty(HELD_CANDIDATES + MORE_HELD), 0.0
    last, fitted = np.full(usual.size, -2), expected[:BORN].copy()
    for i in range(HELD_CANDIDATES + MORE_HELD):
        if i == n:
            effective = effective_number(logs[:i])
            if beliefs.rough or effective >= LEAST_EFFECTIVE:
                break
            n += MORE_HELD
        key = joined(plan.origin_key[o], np.uint64(KEYS_FROM + i))
        logs[i], picks, worth = proposed_counts(plan, o, subkey, key, usual, every, v)
        if (picks != last).any():
            targets, last = np.where(picks >= 0, np.exp(plan.held_log[picks]), np.nan), picks
            fitted = fitted_shares(plan, o, people, expected, (factor, beliefs.fathers), targets)
        logs[i] += draw_classes(plan, o, people, expected, fitted, worth, beliefs.mixing, subkey, key, drawn[i])
        draw_born(plan, beliefs, o, expected, factor, uniforms, drawn[i])
        logs[i] += log_counts(plan, o, picks, counted(plan, o, drawn[i]), v)
    k = chosen(logs[:n], uniform(subkey, plan.origin_key[o], 2, CHOOSE), usual.size)
    if k < 0:
        return 0.0
    out[:] = drawn[k, :BORN].astype(np.int64)
    return effective_number(logs[:n])
