"""The docs site is built without a network, and its pages ask for nothing but what lies beside them."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest
from chromium import browser, requires_chromium

from docs_text import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("mkdocs") is None, reason="no mkdocs: pip install 'perfeval[docs]'"),
]
NO_NETWORK = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "NO_MKDOCS_2_WARNING": "1"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, **NO_NETWORK},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_every_page_of_the_docs_is_a_page_of_the_site(site: Path) -> None:
    pages = {each.stem for each in (ROOT / "docs").glob("*.md")}
    assert pages == {each.stem for each in site.glob("*.html")} - {"404"}
    assert "Completion" in (site / "api.html").read_text("utf-8")
    for page in site.glob("*.html"):
        assert "```" not in page.read_text("utf-8"), page  # a fence that was not understood


def test_no_page_asks_for_anything_from_elsewhere_and_the_search_knows_both_languages(site: Path, address: str) -> None:
    requires_chromium()
    with browser() as page:
        page.driver.get(address)
        page.logged()
        for each in sorted(site.glob("*.html")):
            page.driver.get(f"{address}{each.name}")
            said, asked = page.logged()
            assert asked
            assert [url for url in asked if not url.startswith((address, "data:"))] == [], each.name
            assert [line for line in said if "SEVERE" in line] == [], each.name
        for words in ("rescale", "折算"):
            page.driver.get(f"{address}index.html?q={words}")
            until = time.monotonic() + 20
            while "折算" not in (
                found := str(page.run("return document.querySelector('.md-search-result').innerText"))
            ):
                assert time.monotonic() < until, (words, found)
                time.sleep(0.2)
        _, asked = page.logged()
        assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def test_in_what_commands_print_a_chinese_character_is_as_wide_as_two_letters(address: str) -> None:
    requires_chromium()
    with browser() as page:
        page.driver.get(f"{address}for-bureaus.zh.html")
        wide = page.run(
            """const code = document.querySelector('pre code');
            const width = text => {
                const each = code.appendChild(document.createElement('span'));
                each.textContent = text;
                return each.getBoundingClientRect().width;
            };
            return ['审'.repeat(40), '（'.repeat(40), '—'.repeat(80), '─'.repeat(80), 'a'.repeat(80)].map(width);"""
        )
        assert isinstance(wide, list)
        assert max(wide) - min(wide) < 1
