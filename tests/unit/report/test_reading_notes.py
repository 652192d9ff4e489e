"""Notes that only explain tables are folded; those on the result never are."""

from afterfall.report.kit.reading_notes import HowToRead, short_of


def test_notes_on_the_result_stay_and_the_others_are_counted() -> None:
    notes = ("* Rests on hindsight.", HowToRead("Best: no other is better."), "Few simulations.", HowToRead("90%: ..."))
    kept = ("* Rests on hindsight.", "Few simulations.")
    assert short_of(notes) == (*kept, "2 more notes on how to read this: the same command with --notes.")
    assert short_of(kept) == kept


def test_one_note_is_one_note() -> None:
    assert short_of([HowToRead("90%: ...")]) == ("1 more note on how to read this: the same command with --notes.",)
