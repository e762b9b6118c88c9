"""Names: which are accepted, and the forms of a resource's name."""

import pytest

from starlette_new.errors import UsageProblem
from starlette_new.names import (
    COMMANDS,
    UNSAFE_ATTRIBUTES,
    check_folder_name,
    check_project_name,
    check_word,
    make_attribute,
    make_class,
    make_snake,
    pluralize,
    singularize,
)


@pytest.mark.parametrize(
    "name", ["taskflow", "a", "Blog", "my-shop", "my_shop2", "a" * 64, "match2", "com10", *COMMANDS]
)
def test_a_plain_name_is_a_project_name(name: str) -> None:
    assert check_project_name(name) == name


@pytest.mark.parametrize("name", ["my.app", "2shop", "_blog", "a", "class", "a" * 64, "tests"])
def test_a_folder_may_have_more_names_than_a_project(name: str) -> None:
    assert check_folder_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        ".",
        "..",
        "a/b",
        "../a",
        "/a",
        "-a",
        ".a",
        "a.",
        "a b",
        "a\n",
        "bl\xf6g",
        "a" * 65,
        "CON",
        "nul.txt",
        "a\0",
    ],
)
def test_a_folder_has_one_safe_name(name: str | None) -> None:
    with pytest.raises(UsageProblem) as caught:
        check_folder_name(name)

    assert caught.value.field == "name"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is empty"),
        ("a" * 65, "longer than 64"),
        ("my shop", "not made of ASCII letters"),
        ("blog/x", "not made of ASCII letters"),
        ("../blog", "not made of ASCII letters"),
        ("2shop", "not made of ASCII letters"),
        ("blog-", "not made of ASCII letters"),
        ("_blog", "not made of ASCII letters"),
        ("blög", "not made of ASCII letters"),
        ("blog\n", "not made of ASCII letters"),
        ("blo\u212a", "not made of ASCII letters"),
        ("class", "a word of Python"),
        ("True", "a word of Python"),
        ("Import", "a word of Python"),
        ("con", "a device on Windows"),
        ("LPT1", "a device on Windows"),
        ("app", "a project needs itself"),
        ("Starlette", "a project needs itself"),
        ("typing__extensions", "a project needs itself"),
    ],
)
def test_a_name_that_would_break_a_project_is_refused(name: str, why: str) -> None:
    with pytest.raises(UsageProblem, match=why) as caught:
        check_project_name(name)

    assert caught.value.field == "name"


@pytest.mark.parametrize(
    ("word", "snake"),
    [
        ("task", "task"),
        ("blog_post", "blog_post"),
        ("BlogPost", "blog_post"),
        ("blogPost", "blog_post"),
        ("HTTPServer", "http_server"),
        ("Task2", "task2"),
    ],
)
def test_a_word_becomes_snake_case(word: str, snake: str) -> None:
    assert make_snake(word) == snake
    assert check_word(word, "field") == snake


@pytest.mark.parametrize(
    "word", ["", "2nd", "_task", "task_", "two__parts", "a-b", "a b", "näme", "a.b", "x" * 41]
)
def test_a_word_that_is_no_identifier_is_refused(word: str) -> None:
    with pytest.raises(UsageProblem, match="The field name"):
        check_word(word, "field")


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("task", "tasks"),
        ("news", "news"),
        ("order", "orders"),
        ("category", "categories"),
        ("person", "people"),
        ("blog_post", "blog_posts"),
        ("status", "statuses"),
        ("address", "addresses"),
        ("data_point", "data_points"),
        ("series", "series"),
        ("species", "species"),
        ("box", "boxes"),
        ("quiz", "quizzes"),
        ("bus", "buses"),
        ("analysis", "analyses"),
        ("leaf", "leaves"),
        ("child", "children"),
        ("hero", "heroes"),
        ("wolf", "wolves"),
        ("octopus", "octopuses"),
        ("equipment", "equipment"),
        ("sheep", "sheep"),
        ("media", "media"),
        ("datum", "data"),
        ("metadata", "metadata"),
        ("index", "indices"),
        ("lens", "lenses"),
        ("axis", "axes"),
        ("base", "bases"),
        ("database", "databases"),
        ("cache", "caches"),
        ("virus", "viruses"),
        ("schema", "schemas"),
        ("hierarchy", "hierarchies"),
        ("sku", "skus"),
        ("sms", "sms"),
        ("class", "classes"),
        ("i", "i_rows"),
    ],
)
def test_a_singular_and_its_plural_lead_to_each_other(singular: str, plural: str) -> None:
    assert pluralize(singular) == plural
    assert singularize(singular) == singular
    if not plural.endswith("_rows"):
        assert pluralize(plural) == plural
        assert singularize(plural) == singular


def test_a_plural_of_two_words_is_the_usual_one_s() -> None:
    assert [pluralize("base"), pluralize("basis")] == ["bases", "bases"]
    assert [singularize("bases"), singularize("basis")] == ["base", "basis"]


@pytest.mark.parametrize("word", sorted(UNSAFE_ATTRIBUTES))
def test_an_attribute_that_would_do_harm_has_another_name(word: str) -> None:
    assert make_attribute(word) == f"{word}_"


def test_an_attribute_is_called_like_its_field() -> None:
    assert make_attribute("title") == "title"
    assert make_attribute("remodel_x") == "remodel_x"


def test_an_attribute_is_not_in_the_namespace_of_pydantic() -> None:
    assert make_attribute("model_name") == "model__name"


def test_a_class_is_named_in_camel_case() -> None:
    assert make_class("blog_post2") == "BlogPost2"
