"""Explores options over assumptions: makes the plan, computes what is missing of it, and gives the result."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from afterfall.case import Case
from afterfall.exploration.assumptions import Assumption, read_assumptions
from afterfall.exploration.blocks_by_workers import ExploreOrder, block_on_worker, case_digest
from afterfall.exploration.case_evaluator import CaseEvaluator, ExplorePlan, People32
from afterfall.exploration.designs import DesignKind, check_number, design
from afterfall.exploration.explore_folder import ExploreFolder, opened, sealed
from afterfall.exploration.explore_libraries import library_facts, require_libraries
from afterfall.exploration.explore_request import ExploreRequest, explore_request
from afterfall.exploration.explored import MAIN_OUTCOME, Exploration, outcome_named
from afterfall.model import build, under_policy
from afterfall.policy.comparison import refuse_misfits
from afterfall.policy.option_texts import Option
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom, posterior_from
from afterfall.run.chunks_from_workers import results_from_workers
from afterfall.run.errors import RunInterrupted
from afterfall.run.forecasting import Progress, Report, make_ready, memory
from afterfall.run.provenance import Provenance, now, witness
from afterfall.run.workers import Scheduler, Workers, connected, processors

#: Simulations in one block: some seconds of work, so that an interruption costs little and files are few.
IN_A_BLOCK = 240
#: Share of the memory that the numbers of an exploration may take.
SHARE_OF_MEMORY = 0.25


@dataclass(frozen=True)
class _Kept:
    """Where blocks are kept: in a folder, or (None) in memory."""

    plan: ExplorePlan
    request: ExploreRequest
    folder: ExploreFolder | None
    blocks: dict[int, bytes] = field(default_factory=dict)

    def missing(self) -> list[int]:
        return list(range(self.plan.blocks)) if self.folder is None else list(self.folder.missing(self.plan))

    def put(self, number: int, content: bytes) -> None:
        if self.folder is None:
            self.blocks[number] = content
        else:
            self.folder.put(number, content)

    def whole(self) -> People32:
        if self.folder is not None:
            return self.folder.assemble(self.plan)
        there = (opened(self.blocks[n], f"{self.request.hash}/{n}") for n in range(self.plan.blocks))
        return np.concatenate([block for block in there if block is not None])


def explore_case(
    case: Case,
    options: Sequence[Option],
    over: Sequence[str | Path | Assumption],
    *,
    design_kind: DesignKind,
    scenarios: int,
    country: str | None,
    month: int,
    horizon: int,
    simulations: int,
    seed: int,
    main: str = MAIN_OUTCOME,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    command: str | None = None,
    draws: DrawsFrom = DEFAULT,
    scheduler: Scheduler = None,
) -> Exploration:
    """Explore options over assumptions.

    Parameters
    ----------
    case
        A cut case.
    options
        The options, that of what they are compared with first.
    over
        The assumptions (`read_assumptions`).
    design_kind, scenarios
        Kind of the design and its number (`designs`).
    country
        Code of an origin, or None for everyone.
    month, horizon, simulations, seed
        Month at which outcomes are counted, months simulated, simulations of each case, and the seed.
    main
        The outcome by which options are ranked.
    run_dir, threads, progress, command, draws, scheduler
        As for `forecast`. The exploration gets its own folder in `run_dir`.

    Raises
    ------
    ImportError
        If the extra is not installed.
    ValueError
        If an assumption, an option or a number cannot be used.
    RunError, RunInterrupted
        As for `forecast`.
    """
    require_libraries()
    check_number(design_kind, scenarios)
    plain = build(case, horizon=horizon, record_months=[month])
    refuse_misfits(plain, [option.policy for option in options])
    assumptions = read_assumptions([under_policy(plain, option.policy) for option in options], over)
    values = design(design_kind, assumptions, scenarios, seed)
    plan = ExplorePlan(
        case=case,
        options=tuple(options),
        assumptions=assumptions,
        values=values,
        country=country,
        month=month,
        horizon=horizon,
        simulations=simulations,
        seed=seed,
        posterior=posterior_from(draws, plain),
        block=max(1, IN_A_BLOCK // (len(options) * simulations)),
    )
    evaluator = CaseEvaluator(plan, plain)
    outcome_named(evaluator.outcomes, main)  # refused, if at all, before any work
    _check_memory(evaluator)
    request = explore_request(evaluator, design_kind, scenarios)
    folder = None if run_dir is None else ExploreFolder(Path(run_dir) / request.name, request)
    with connected(scheduler, threads) as workers:
        people, provenance, reused = _made(evaluator, request, folder, threads, progress, command, workers)
    return Exploration(
        plan=replace(plan, posterior=None),
        request=request,
        outcomes=evaluator.outcomes,
        quantities=evaluator.quantities,
        labels={q.name: q.label.removesuffix(" so far") for q in plain.quantities},
        counters=frozenset(q.name for q in plain.quantities if q.kind == "counter"),
        people=people,
        provenance=provenance,
        main=main,
        path=None if folder is None else folder.path,
        reused=reused,
    )


def _made(
    evaluator: CaseEvaluator,
    request: ExploreRequest,
    folder: ExploreFolder | None,
    threads: int | None,
    progress: Report | None,
    command: str | None,
    workers: Workers | None,
) -> tuple[People32, Provenance, bool]:
    """People in all cases, how they were made, and whether they had been made before."""
    plan, report, started = evaluator.plan, progress or (lambda _: None), now()
    total = len(plan.options) * plan.scenarios * plan.simulations
    there = None if folder is None else folder.finished()
    if there is not None:
        report(Progress("reused", total, total))
        return (*there, True)
    kept = _Kept(plan, request, folder)
    try:
        if folder is not None:
            folder.prepare()
        missing = kept.missing()
        _computed(evaluator, kept, missing, threads or processors(), report, workers)
        report(Progress("assembling", total, total))
        people = kept.whole()
    except KeyboardInterrupt:
        if folder is None:
            raise
        raise RunInterrupted(folder.path) from None
    provenance = witness(
        command=command or request.command(),
        started=started,
        threads=threads or processors() if workers is None else workers.threads,
        found=plan.blocks - len(missing),
        computed=len(missing),
        sha256=None if folder is None else _sha256(folder),
    )
    provenance = replace(provenance, versions={**provenance.versions, **library_facts()})
    if folder is not None:
        folder.finish(provenance)
    report(Progress("done", total, total))
    return people, provenance, False


def _sha256(folder: ExploreFolder) -> str:
    from afterfall.run.store import checksum

    return checksum(folder.people_file)


def _computed(
    evaluator: CaseEvaluator,
    kept: _Kept,
    missing: Sequence[int],
    threads: int,
    report: Report,
    workers: Workers | None,
) -> None:
    """Compute and keep the missing blocks, in any order."""
    plan = evaluator.plan
    total = len(plan.options) * plan.scenarios * plan.simulations
    done = total - sum(plan.simulated(number) for number in missing)
    if not missing:
        return
    if workers is not None:
        report(Progress("connecting", done, total))
        _ = workers.client
    make_ready(evaluator.plain, report, done, total)
    first = evaluator.ready()
    here = _blocks_here if workers is None else None
    blocks: Generator[tuple[int, bytes]] = (
        here(evaluator, kept, missing, threads)
        if here is not None
        else _blocks_there(evaluator, kept, missing, case_digest(first), workers)
    )
    with closing(blocks):
        for number, content in blocks:
            kept.put(number, content)
            done += plan.simulated(number)
            report(Progress("simulating", done, total))


def _blocks_here(
    evaluator: CaseEvaluator, kept: _Kept, missing: Sequence[int], threads: int
) -> Generator[tuple[int, bytes]]:
    """Blocks computed on threads of this process."""
    stopped = False

    def work(number: int) -> bytes:
        if stopped:
            return b""
        return sealed(evaluator.block(number), f"{kept.request.hash}/{number}")

    with ThreadPoolExecutor(threads) as pool:
        todo = {pool.submit(work, number): number for number in missing}
        try:
            for future in as_completed(todo):
                yield todo[future], future.result()
        finally:
            stopped = True
            pool.shutdown(wait=True, cancel_futures=True)


def _blocks_there(
    evaluator: CaseEvaluator, kept: _Kept, missing: Sequence[int], first: str, workers: Workers | None
) -> Generator[tuple[int, bytes]]:
    """Blocks computed by workers."""
    assert workers is not None
    request = kept.request
    order = ExploreOrder(evaluator.plan, request.design, request.scenarios, request.hash, first)
    tasks = dict.fromkeys(missing, ())
    results: Iterator[tuple[int, bytes]] = results_from_workers(workers, order, tasks, block_on_worker)
    yield from results


def _check_memory(evaluator: CaseEvaluator) -> None:
    """Refuse what cannot be held, before any work is done.

    Raises
    ------
    ValueError
        If the numbers of all cases would take too large a share of the memory.
    """
    plan = evaluator.plan
    cases = plan.scenarios * len(plan.options)
    needed, room = cases * plan.simulations * len(evaluator.quantities) * 8, SHARE_OF_MEMORY * memory()
    if needed > room:
        raise ValueError(
            f"{cases:,} cases of {plan.simulations:,} simulations would take {needed / 2**30:,.1f} GiB; this machine "
            f"has {room / 2**30:,.1f} GiB for them: ask for fewer scenarios or simulations"
        )
