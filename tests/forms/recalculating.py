"""Workbooks after LibreOffice has computed them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfeval.forms.workbook import FORM

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed; .ci/run installs it")


def recalculated(books: Mapping[str, bytes], folder: Path) -> dict[str, Worksheet]:
    """The form of each workbook after LibreOffice has computed it."""
    assert OFFICE is not None
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    subprocess.run(
        [
            OFFICE,
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "out"),
            *(str(folder / f"{name}.xlsx") for name in books),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    found: dict[str, Worksheet] = {}
    for name in books:
        sheet = load_workbook(folder / "out" / f"{name}.xlsx", data_only=True)[FORM.zh]
        assert isinstance(sheet, Worksheet)
        found[name] = sheet
    return found


def recalculated_book(data: bytes, folder: Path) -> Workbook:
    """A workbook after LibreOffice has computed it."""
    recalculated({"book": data}, folder)
    return load_workbook(folder / "out" / "book.xlsx", data_only=True)
