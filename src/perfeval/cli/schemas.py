"""`perfeval schema`."""

from __future__ import annotations

from typing import cast

import click

from perfeval.cli.shared import print_json
from perfeval.loading.schema import FILES, File, schema

__all__ = ["schema_of"]


@click.command("schema")
@click.argument("file", type=click.Choice(FILES))
def schema_of(file: str) -> None:
    """Print the JSON Schema of a framework, an assessment or a fact sheet, for editors to check and complete by."""
    print_json(schema(cast("File", file)))
