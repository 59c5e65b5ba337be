"""Text comparisons that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup, TextField

from experiments.rules.filters.posix import to_posix


class HasText(Lookup):
    """Contains a text; letters A-Z in either case (other letters exactly)."""

    lookup_name = "has_text"
    operators = {"sqlite": "LIKE", "postgresql": "ILIKE"}

    def get_prep_lookup(self) -> str:
        text = str(self.rhs).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return f"%{text}%"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        operator = self.operators[connection.vendor]
        return f"{left} {operator} {right} ESCAPE '\\'", [*left_params, *right_params]


class HasExactText(HasText):
    """Contains a text, in exactly these letters."""

    lookup_name = "has_exact_text"
    functions = {"sqlite": "instr", "postgresql": "strpos"}

    def get_prep_lookup(self) -> str:
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        function = self.functions[connection.vendor]
        return f"{function}({left}, {right}) > 0", [*left_params, *right_params]


class MatchesPattern(Lookup):
    """A regular expression (see `rules.filters.patterns`) occurs in the text."""

    lookup_name = "matches"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self._with_operator("REGEXP", str(self.rhs), compiler, connection)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self._with_operator("~", to_posix(str(self.rhs)), compiler, connection)

    def _with_operator(
        self, operator: str, pattern: str, compiler: Any, connection: Any
    ) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} {operator} %s", [*left_params, pattern]


for field in (CharField, TextField):
    for lookup in (HasText, HasExactText, MatchesPattern):
        field.register_lookup(lookup)
