"""Rows of sums as what the page shows."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce
from typing import Any

from sqlalchemy import Row

from core.usage.report import Sum


def sum_of(row: Row[*tuple[Any, ...]]) -> Sum:
    return Sum(
        requests=int(row.requests),
        errors=int(row.errors),
        tokens=int(row.tokens),
        cost_usd=Decimal(row.cost),
        unpriced=int(row.unpriced),
        possible_usd=Decimal(row.possible_cost),
        estimated_usd=Decimal(row.estimated_cost),
    )


def total(sums: Iterable[Sum]) -> Sum:
    return reduce(_added, sums, Sum())


def _added(one: Sum, other: Sum) -> Sum:
    return Sum(
        one.requests + other.requests,
        one.errors + other.errors,
        one.tokens + other.tokens,
        one.cost_usd + other.cost_usd,
        one.unpriced + other.unpriced,
        one.possible_usd + other.possible_usd,
        one.estimated_usd + other.estimated_usd,
    )
