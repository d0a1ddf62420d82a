from tests.browser.nu import nu_errors

PAGE = '<!DOCTYPE html><html lang="de"><head><title>Titel</title></head><body>{}</body></html>'


def test_a_sound_page_has_no_errors(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE.format("<h1>Überschrift</h1>"))

    assert nu_errors([page]) == []


def test_each_fault_is_a_line_with_its_place(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE.format('<h1 hx-get="/">Überschrift</h1><p id="a"></p><p id="a"></p>'))

    faults = nu_errors([page])

    assert any("Attribute “hx-get” not allowed" in fault for fault in faults)
    assert any("Duplicate ID “a”" in fault for fault in faults)
    assert all(page.name in fault for fault in faults)
