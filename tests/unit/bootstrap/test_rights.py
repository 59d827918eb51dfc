"""Every endpoint of the management API has a right that somebody decided on."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from maskline.domain.access import PLATFORM_RIGHTS, ROLE_RIGHTS, Role
from maskline.manage.openapi import describe

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def rights_page() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "tools" / "rights_page.py"))


@pytest.fixture(scope="module")
def endpoints(rights_page: dict[str, Any]) -> Any:
    return rights_page["read_endpoints"]()


def test_every_endpoint_says_which_right_it_needs(endpoints: Any):
    undecided = [
        f"{one.method} {one.path}"
        for one in endpoints
        if one.right is None and not one.is_open and not one.is_personal
    ]
    assert undecided == [], "right=Right.... of the endpoint says who may ask"


def test_the_page_of_rights_is_made_from_the_endpoints(rights_page: dict[str, Any], endpoints: Any):
    page = rights_page["page"](endpoints)
    assert (ROOT / "docs" / "rights.md").read_text() == page, (
        "python tools/rights_page.py > docs/rights.md"
    )


def test_the_document_describes_all_of_them_whose_types_have_names_of_their_own(endpoints: Any):
    document = describe([(one.path, one) for one in endpoints], "1")
    assert len(document["paths"]) == len({one.path for one in endpoints})
    # Two of one name would stand there with their modules.
    named = document["components"]["schemas"]
    assert [name for name in named if name.startswith("maskline.manage")] == []


def test_no_role_of_a_tenant_has_a_right_of_the_platform():
    for role in Role:
        if not role.is_staff:
            assert ROLE_RIGHTS[role].isdisjoint(PLATFORM_RIGHTS)
