"""Combinations of answers: all there are, enough for every pair, or some by chance."""

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

Row = dict[str, str]
"""An answer to each question."""
Pair = frozenset[tuple[str, str]]
"""Two answers: a question and its value each."""

TRIES = 200
"""Sets that are made to choose the smallest of; more seldom find a smaller one."""


@dataclass(frozen=True)
class Space:
    """What can be answered.

    values: by question, its answers. excluded: answers that cannot go together.
    once: questions of which each answer must be there once, rather than in every pair.
    """

    values: Mapping[str, tuple[str, ...]]
    excluded: frozenset[Pair] = frozenset()
    once: frozenset[str] = field(default=frozenset())

    @property
    def size(self) -> int:
        """How many combinations there are, those that are excluded among them."""
        return math.prod(map(len, self.values.values()))

    def allows(self, row: Mapping[str, str]) -> bool:
        """Tell whether the answers, which need not be all, go together."""
        return not any(pair in self.excluded for pair in list_pairs(row))

    def restrict(self, only: Mapping[str, tuple[str, ...]]) -> "Space":
        """Give the part of it where these questions have one of these answers.

        A question has no answer left where none goes with what the others must have.
        """
        kept = {
            key: tuple(v for v in self.values[key] if v in only.get(key, (v,)))
            for key in self.values
        }
        fixed = {key: values[0] for key, values in kept.items() if len(values) == 1}
        return replace(
            self,
            values={
                key: tuple(v for v in values if self.allows({**fixed, key: v}))
                for key, values in kept.items()
            },
        )


def list_pairs(row: Mapping[str, str]) -> list[Pair]:
    """Give each two of some answers."""
    return [frozenset(two) for two in itertools.combinations(row.items(), 2)]


def list_all(space: Space) -> Iterator[Row]:
    """Give every combination, in the order of the questions and their answers."""
    for values in itertools.product(*space.values.values()):
        row = dict(zip(space.values, values, strict=True))
        if space.allows(row):
            yield row


def draw(space: Space, number: int, seed: int) -> list[Row]:
    """Draw different combinations by chance, all of them if there are no more."""
    chance = random.Random(seed)  # noqa: S311
    if space.size <= 10 * number:
        rows = list(list_all(space))
        return chance.sample(rows, min(number, len(rows)))
    drawn: dict[Pair | frozenset[tuple[str, str]], Row] = {}
    while len(drawn) < number:
        row = _fill({}, space, set(), chance)
        drawn.setdefault(frozenset(row.items()), row)
    return list(drawn.values())


def list_wanted(space: Space) -> set[Pair]:
    """Give the pairs that can be; an answer to a question in `once` is a pair of itself."""
    wanted: set[Pair] = set()
    for one, other in itertools.combinations(space.values, 2):
        if not {one, other} & space.once:
            pairs = itertools.product(space.values[one], space.values[other])
            wanted |= {frozenset([(one, value), (other, more)]) for value, more in pairs}
    alone = space.values.keys() if len(space.values) == 1 else space.once
    for key in alone & space.values.keys():
        wanted |= {frozenset([(key, value)]) for value in space.values[key]}
    return wanted - space.excluded


def cover_pairs(space: Space) -> list[Row]:
    """Choose combinations in which every pair of answers is there; few, and always the same.

    Greedy, as in D. M. Cohen et al., "The AETG System" (IEEE Transactions on Software
    Engineering, 1997): each row takes a pair that is missing, and then the answers that bring most.
    """
    found = [_cover(space, random.Random(seed)) for seed in range(TRIES)]  # noqa: S311
    return min(found, key=lambda rows: (len(rows), -_count_pairs(rows)))


def _cover(space: Space, chance: random.Random) -> list[Row]:
    missing, rows = list_wanted(space), []
    while missing:
        first = chance.choice(sorted(missing, key=sorted))
        row = _fill(dict(sorted(first)), space, missing, chance)
        missing -= {*list_pairs(row), *(frozenset([item]) for item in row.items())}
        rows.append(row)
    return rows


def _fill(row: Row, space: Space, missing: set[Pair], chance: random.Random) -> Row:
    """Answer the questions that are open, each with what brings most of the missing pairs."""
    keys = [key for key in space.values if key not in row]
    chance.shuffle(keys)
    for key in keys:
        values = [value for value in space.values[key] if space.allows(row | {key: value})]
        chance.shuffle(values)
        row[key] = max(values, key=lambda value: _count_new((key, value), row, missing))
    return {key: row[key] for key in space.values}


def _count_new(answer: tuple[str, str], row: Row, missing: set[Pair]) -> int:
    pairs = [frozenset([answer]), *(frozenset([answer, other]) for other in row.items())]
    return sum(pair in missing for pair in pairs)


def _count_pairs(rows: list[Row]) -> int:
    return len({pair for row in rows for pair in list_pairs(row)})
