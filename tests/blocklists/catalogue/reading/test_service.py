"""A service file as a whole: its vendor, its services, and the names they carry."""

from __future__ import annotations

from datetime import date

import pytest

from tests.simulators.service_files import ACME, NOORD, changed, faults, line, services_of


def test_a_service_as_it_is_written() -> None:
    chat, paint = services_of(ACME)
    assert (chat.vendor, chat.vendor_name, chat.former) == ("acme", "Acme", ("Acme Talk",))
    assert chat.reviewed == date(2026, 5, 1)
    assert list(chat.sources) == ["own", "privacy"]
    assert chat.sources is paint.sources
    assert (paint.former, paint.replaces, paint.programs) == ((), (), ())
    assert services_of(NOORD, "noord")[0].replaces == ("acme-chat",)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("vendor: acme\n", "vendor: acne\n", "vendor: acne is not the file's name"),
        ("vendor: acme\n", "", "vendor: is missing"),
        ("name: Acme\n", 'name: ""\n', "name: has no value"),
        ("name: Acme\n", f"name: {'A' * 81}\n", "name: is 81 characters long; at most 80"),
        ("name: Acme Chat", "name: Acme Ch\u0430t", "services[1].name: Acme Ch\u0430t mixes"),
        ("[Acme Talk]", "[Acme T\u0430lk]", "services[1].former[1]: Acme T\u0430lk mixes"),
        ("[Acme Talk]", "Acme Talk", "services[1].former: must be a list"),
        ("reviewed: 2025-11-30", "reviewed: 30-11-2025", "services[2].reviewed: 30-11-2025 is"),
        ("    reviewed: 2025-11-30\n", "", "services[2].reviewed: is missing"),
        ("category: image", "category: images", "services[2].category: images is not known"),
        ("id: acme-paint", "id: Acme_Paint", "services[2].id: Acme_Paint is no id"),
        ("reach: tail", "reach: tail\n    colour: red", "colour is no key here"),
        ("reach: tail", "reach: tail\n    reach: head", "services[2].reach: stands here twice"),
        ("reach: tail", "reach: &most tail", "&most is an anchor or alias of YAML"),
        ("reach: tail", "reach: *most", "*most is an anchor or alias of YAML"),
        ("reach: tail", "reach: !!str tail", "is a tag of YAML, which is not read here"),
    ],
)
def test_a_fault_is_told_at_its_line(right: str, wrong: str, told: str) -> None:
    text = changed(right, wrong)
    found = faults(text)
    pairs = zip(ACME.split("\n"), text.split("\n"), strict=False)
    number = next(number for number, (one, other) in enumerate(pairs, 1) if one != other)
    assert any(told in each for each in found), found
    missing = "is missing" in told  # told where the mapping begins
    assert missing or any(each.startswith((f"{number}: ", f"{number + 1}: ")) for each in found)


@pytest.mark.parametrize("services", ["[]", "{}", "none", '""'])
def test_a_file_that_holds_no_service(services: str) -> None:
    told = faults(ACME[: ACME.index("services:")] + f"services: {services}\n")
    assert len(told) == 1
    assert told[0].startswith(f"{line('services:')}: services: ")


def test_words_of_several_scripts_stand_side_by_side() -> None:
    text = changed("name: Acme Paint", "name: Acme \u4f50\u3005\u6728 \u0447\u0430\u0442")
    assert services_of(text)[1].name.startswith("Acme ")
