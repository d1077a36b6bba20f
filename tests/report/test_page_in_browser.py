"""The page in a real browser: no error, sorts, hovers, changes color, prints."""

import re
import shutil

import pytest

from ngn_core.report.comparison_page import write_page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
SECONDS = 120_000  # ms, a busy machine


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("no chromium here to open the page with")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(
            executable_path=BROWSER,
            args=["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"],
            timeout=SECONDS,
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page(browser, comparison, tmp_path_factory):
    """The page, opened, with what went wrong in it."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    write_page(comparison, file)
    opened = browser.new_page(viewport={"width": 1100, "height": 900}, offline=True)
    opened.set_default_timeout(SECONDS)
    opened.wrong = []
    opened.on("console", lambda said: opened.wrong.append(said.text))
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.goto(file.as_uri())
    opened.wait_for_selector(".js-plotly-plot .main-svg")
    return opened


def _first_cells(page):
    rows = page.locator("table.sheet").first.locator("tbody tr")
    return [rows.nth(i).locator("td").first.inner_text() for i in range(rows.count())]


def test_it_opens_without_a_word_on_the_console(page):
    assert page.locator(".js-plotly-plot").count() >= 6
    assert page.wrong == []


def test_a_click_sorts_numbers_and_another_one_back(page):
    heading = page.locator("table.sheet").first.locator("th", has_text="MAE")
    heading.click()
    assert heading.get_attribute("aria-sort") == "ascending"
    up = _first_cells(page)
    assert set(up[:2]) == {"good <1>", "near"}
    assert up[2] == "far"
    heading.click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert _first_cells(page) == up[::-1]


def test_a_key_sorts_words(page):
    heading = page.locator("table.sheet").first.locator("th", has_text="spec")
    heading.focus()
    page.keyboard.press("Enter")
    assert _first_cells(page) == ["far", "good <1>", "near"]


def test_hovering_names_the_crystal_its_formula_and_space_group(page):
    page.evaluate("document.getElementById('table-0-parity').scrollIntoView()")
    point = page.locator("#table-0-parity .scatterlayer .point").nth(1)
    point.hover(force=True)
    page.wait_for_selector("#table-0-parity .hoverlayer .hovertext")
    text = page.locator("#table-0-parity .hoverlayer").text_content()
    assert re.search(r"c<\d+>(NaCl|SrTiO3|MoS2|C), space group (225|221|194|227)", text)
    assert "predicted" in text


def test_pictures_are_as_dark_or_light_as_the_page(page):
    said = "getComputedStyle(document.body).color"
    drawn = (
        "getComputedStyle(document.querySelector('#table-0-parity .xtick text')).fill"
    )
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"{drawn} === {said}")


def test_on_paper_everything_is_black_and_no_wider_than_the_sheet(page, tmp_path):
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert (tmp_path / "report.pdf").stat().st_size > 50_000
    width = page.evaluate(
        """() => { dispatchEvent(new Event("beforeprint"));
        return Math.max(...[...document.querySelectorAll(".main-svg")].map(
          one => one.getBoundingClientRect().width)); }"""
    )
    assert width <= 680
    height = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll(".main-svg")].map(
          one => one.getBoundingClientRect().height))"""
    )
    assert height <= 370
    assert page.locator("details:not([open])").count() == 0
    page.evaluate('dispatchEvent(new Event("afterprint"))')
    assert page.locator("details[open]").count() == 0
    assert page.wrong == []
