"""A headless Chromium of the machine's own (Debian's), driven by Selenium; nothing is downloaded and nothing reaches a network."""

from __future__ import annotations

import base64
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

__all__ = ["Browser", "browser", "requires_chromium"]

_CHROMIUM: Final = shutil.which("chromium")
_DRIVER: Final = shutil.which("chromedriver")
_POPPLER: Final = shutil.which("pdftotext")
_FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PHONE: Final = (360, 740)
DESK: Final = (1200, 900)


def requires_chromium() -> None:
    """Leave a test out where there is no Chromium; fail where there must be one (`.ci/run` says so)."""
    if _CHROMIUM and _DRIVER and _POPPLER:
        return
    missing = "no chromium, chromedriver or pdftotext: apt-get install chromium chromium-driver poppler-utils"
    if os.environ.get("PERFEVAL_NEEDS_BROWSER"):
        pytest.fail(missing)
    pytest.skip(missing)


class Browser:
    """One page at a time, as a reader sees it."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def command(self, name: str, **arguments: object) -> dict[str, Any]:
        """A command of the Chrome DevTools Protocol."""
        return cast("dict[str, Any]", self.driver.execute_cdp_cmd(name, dict(arguments)))

    def open(self, page: Path, size: tuple[int, int] = DESK, *, dark: bool = False) -> None:
        """Show a file, in a window of `size` CSS pixels, to a reader who prefers light or dark."""
        self.logged()
        width, height = size
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=size == PHONE
        )
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.command("Emulation.setEmulatedMedia", media="", features=features)
        self.driver.get(page.as_uri())

    def run(self, script: str, *arguments: object) -> Any:  # what JavaScript gives
        """What a script of ours answers; the page itself has none."""
        return self.driver.execute_script(script, *arguments)

    def logged(self) -> tuple[list[str], list[str]]:
        """What the console says, and every address asked for, since this was last called."""
        said = [f"{each['level']}: {each['message']}" for each in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]
        events = [json.loads(each["message"])["message"] for each in self.driver.get_log("performance")]  # type: ignore[no-untyped-call]
        asked = [
            str(each["params"]["request"]["url"]) for each in events if each["method"] == "Network.requestWillBeSent"
        ]
        return said, asked

    def pdf(self) -> bytes:
        """The page as it prints."""
        return base64.b64decode(self.command("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])

    def picture(self, *, whole: bool = False) -> bytes:
        """The page as PNG."""
        return base64.b64decode(
            self.command("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        )


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own that is gone afterwards."""
    assert _CHROMIUM is not None
    assert _DRIVER is not None
    os.environ["SE_OFFLINE"] = "true"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = _CHROMIUM
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = Chrome(options=options, service=Service(_DRIVER))
        try:
            yield Browser(driver)
        finally:
            driver.quit()
