"""The typed tables say what the migrated database has."""

import importlib
import pkgutil

import pytest
from sqlalchemy import Connection, Dialect, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.schema import Column, Table
from sqlalchemy.types import TypeEngine

import core.db.tables
from core.db.tables.base import Base

pytestmark = pytest.mark.every_version

for module in pkgutil.iter_modules(core.db.tables.__path__):
    importlib.import_module(f"core.db.tables.{module.name}")

TABLES = Base.metadata.tables


def test_every_table_has_a_model_and_every_model_a_table(scratch: Connection) -> None:
    assert set(inspect(scratch).get_table_names("public")) == set(TABLES)


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_columns_are_alike(scratch: Connection, table: Table) -> None:
    def reflected(column: ReflectedColumn) -> tuple[str, str, bool]:
        return column["name"], _spelled(column["type"], scratch.dialect), column["nullable"]

    def declared(column: Column[object]) -> tuple[str, str, bool]:
        return column.name, _spelled(column.type, scratch.dialect), bool(column.nullable)

    columns = inspect(scratch).get_columns(table.name, "public")

    assert sorted(map(declared, table.columns)) == sorted(map(reflected, columns))


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_keys_are_alike(scratch: Connection, table: Table) -> None:
    key = inspect(scratch).get_pk_constraint(table.name, "public")["constrained_columns"]

    assert [column.name for column in table.primary_key] == key


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_what_the_database_fills_in_is_known(scratch: Connection, table: Table) -> None:
    filled = {c["name"] for c in inspect(scratch).get_columns(table.name, "public") if c["default"] is not None}

    assert {column.name for column in table.columns if column.server_default is not None} == filled


def _spelled(type_: TypeEngine[object], dialect: Dialect) -> str:
    return type_.compile(dialect)
