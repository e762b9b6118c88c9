"""How a command line is taken apart: a name that is no command, and options given once."""

import copy
from typing import Any

from typer.core import TyperCommand, TyperGroup

from starlette_new.errors import UsageProblem

IMPLICIT = "starlette_new.implicit"


class Front(TyperGroup):
    """`starlette-new NAME` is `starlette-new new NAME`, and one page of help shows both."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {name for param in self.params for name in param.opts} | {"--help"}
        if (args or not ctx.resilient_parsing) and not {*args[:1]} & {*self.commands, *own}:
            ctx.meta[IMPLICIT] = True
            args = ["new", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        new = self.commands["new"]
        inner = new.make_context("new", [], parent=ctx, resilient_parsing=True)
        return [*super().shell_complete(ctx, incomplete), *new.shell_complete(inner, incomplete)]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        page = copy.copy(self)
        page.params = [*self.commands["new"].params, *self.params]
        super(Front, page).format_help(ctx, formatter)


class Once(TyperCommand):
    """A command whose options may each be given once, but for those that take many values."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _, _, given = self.make_parser(ctx).parse_args(list(args))
        for param in given:
            if given.count(param) > 1 and getattr(param, "multiple", True) is False:
                raise UsageProblem(
                    f"{param.opts[-1]} is given twice.", "Give it once.", field=param.name
                )
        return super().parse_args(ctx, args)
