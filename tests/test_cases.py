"""What smoke proves: which projects, and what they are called."""

from pathlib import Path

import pytest

from starlette_new.cases import TYPES, Selection, choose_cases, make_space, read_cases
from starlette_new.combinations import list_all
from starlette_new.errors import UsageProblem
from starlette_new.examples import list_examples
from starlette_new.fields import TYPES as FIELD_TYPES
from starlette_new.questions import EXCLUSIONS, QUESTIONS

CLOSED = [question for question in QUESTIONS if question.choices]


def test_every_pair_of_answers_to_our_questions_is_chosen() -> None:
    chosen = [case.answers for case in choose_cases(Selection())]

    for number, one in enumerate(CLOSED):
        for other in CLOSED[number + 1 :]:
            pairs = {(str(a[one.key]).lower(), str(a[other.key]).lower()) for a in chosen}
            every = {(v, w) for v in one.choices for w in other.choices}
            refused = {
                (e.answer, e.other.partition("=")[2])
                for e in EXCLUSIONS
                if (e.key, e.other.partition("=")[0]) == (one.key, other.key)
            }
            assert pairs == every - refused


def test_every_example_and_every_type_is_chosen_once() -> None:
    names = " ".join(case.name for case in choose_cases(Selection()))

    assert all(f"-{name}" in names for name in [*list_examples(), "nothing", "starter", "types"])
    assert set(FIELD_TYPES) - {"many"} == {
        word for word in FIELD_TYPES if f":{word}" in " ".join(TYPES)
    }


def test_all_are_all_that_can_be_made() -> None:
    cases = choose_cases(Selection(all=True))

    assert len(cases) == len({case.name for case in cases}) == 2432
    assert {case.answers["layout"] for case in cases} == {"standard", "single"}


def test_a_name_tells_the_answers() -> None:
    first, *_ = choose_cases(Selection(all=True))
    last = choose_cases(Selection(all=True, only=("layout=single", "with_db=none")))[-1]

    assert first.name == "standard-sqlite-pages-nothing"
    assert last.name == "single-no-db-no-ui-github-pre-commit-devcontainer-skill-nothing"


def test_only_those_with_an_answer_are_chosen() -> None:
    cases = choose_cases(Selection(only=("layout=single", "resources=types")))

    assert {case.answers["layout"] for case in cases} == {"single"}
    assert [case.answers["resources"] for case in cases] == [list(TYPES)] * len(cases)


def test_one_is_chosen_by_its_name() -> None:
    (case,) = choose_cases(Selection(only=("standard-sqlite-pages-skill-shop",)))

    assert case.name == "standard-sqlite-pages-skill-shop"
    assert case.answers["with_skill"]


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ("layot=single", 'there is no question "layot". Did you mean layout?'),
        ("layout=big", 'layout cannot be "big". Choose standard or single.'),
        ("standard-sqlite-pages-shob", "there is no project"),
    ],
)
def test_what_cannot_be_chosen_is_refused(only: str, said: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        choose_cases(Selection(only=(only,)))

    assert said in str(caught.value)


def test_answers_that_exclude_each_other_are_refused() -> None:
    assert len(choose_cases(Selection(only=("layout=single", "layout=standard")))) >= 8
    with pytest.raises(UsageProblem, match="No project has layout=single and resources=shop"):
        choose_cases(Selection(only=("layout=single", "resources=shop")))


def test_some_are_drawn_by_chance() -> None:
    cases = choose_cases(Selection(sample=5, seed=7))

    assert len({case.name for case in cases}) == 5
    assert [c.name for c in cases] == [c.name for c in choose_cases(Selection(sample=5, seed=7))]
    assert {case.name for case in cases} <= {
        case.name for case in choose_cases(Selection(all=True))
    }


def test_the_shards_are_the_whole_and_no_two_share_a_project() -> None:
    parts = [choose_cases(Selection(shard=(n, 3))) for n in (1, 2, 3)]

    names = [case.name for part in parts for case in part]
    assert sorted(names) == sorted(case.name for case in choose_cases(Selection()))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_what_is_excluded_is_what_a_blueprint_refuses() -> None:
    space = make_space()

    assert frozenset([("layout", "single"), ("resources", "blog")]) in space.excluded
    assert frozenset([("with_db", "none"), ("resources", "starter")]) in space.excluded
    assert len(list(list_all(space))) < space.size


def test_a_file_holds_many_blueprints(folder: Path) -> None:
    (folder / "all.yml").write_text("name: one\n---\nlayout: single\nresources:\n- a b:int\n---\n")

    cases = read_cases("all.yml", Selection())

    assert [(case.name, case.answers["layout"]) for case in cases] == [
        ("one", "standard"),
        ("project-2", "single"),
    ]
    assert [c.name for c in read_cases("all.yml", Selection(only=("one",)))] == ["one"]
    assert [c.name for c in read_cases("all.yml", Selection(shard=(2, 2)))] == ["project-2"]


@pytest.mark.parametrize(
    ("text", "only", "said"),
    [
        (None, "", "cannot be read"),
        ("- a", "", "part 1 holds no answers"),
        ("name: one\n---\nlayout: big", "", 'part 2: --layout cannot be "big"'),
        ("", "", "has no blueprint"),
        ("name: one\n---\nname: one", "", "has two projects of one name"),
        ("name: one", "on", 'has no project "on". Did you mean one'),
    ],
)
def test_a_file_that_is_wrong_is_refused(
    folder: Path, text: str | None, only: str, said: str
) -> None:
    if text is not None:
        (folder / "all.yml").write_text(text)

    with pytest.raises(UsageProblem, match=said):
        read_cases("all.yml", Selection(only=(only,) if only else ()))
