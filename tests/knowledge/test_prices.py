"""The price book: what it says, what it refuses to say, and the laws that its figures keep."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from migrascope.knowledge.prices import PriceBook
from migrascope.readers.prices import read_prices
from tests.cli.test_commands import run

BOOK: PriceBook = read_prices()[0]
FAMILIES = sorted(BOOK.aws)
AZURE = sorted(BOOK.azure)


def amount(sku: str, region: str, os: str = "linux") -> Decimal:
    found = BOOK.price(sku, region, os).amount  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("sku", "region", "usd"),
    [
        ("m5.large", "us-east-1", "0.096"),
        ("t3.medium", "us-east-1", "0.0416"),
        ("Standard_D2s_v5", "eastus", "0.096"),
        ("Standard_D2s_v5", "westeurope", "0.115"),
        ("Standard_E8s_v5", "eastus", "0.504"),
        ("Standard_D4s_v3", "eastus", "0.192"),
    ],
)
def test_prices_that_others_know_are_within_half_a_percent(sku: str, region: str, usd: str) -> None:
    """Independent pairs: Karpenter's tables of 2026-06-18 and 2026-07-20, and Vantage's for T3."""
    assert float(amount(sku, region)) == pytest.approx(float(usd), rel=0.005)


def test_a_price_of_dedicated_tenancy_is_not_taken_for_the_shared_one() -> None:
    assert amount("m5.large", "us-west-2") == Decimal("0.096000")  # the table that it is made from says 0.102


@given(st.sampled_from(FAMILIES), st.sampled_from([("large", "xlarge"), ("xlarge", "2xlarge"), ("4xlarge", "8xlarge")]))
def test_twice_the_size_is_twice_the_price_inside_a_family(family: tuple[str, str], pair: tuple[str, str]) -> None:
    small, large = (BOOK.price(f"{family[0]}.{size}", family[1]) for size in pair)
    assume(small.amount is not None and large.amount is not None)  # not every family is sold in every size
    assert small.amount is not None
    assert large.amount == 2 * small.amount
    assert small.quality == large.quality


@given(st.sampled_from(FAMILIES), st.sampled_from(["large", "xlarge", "4xlarge"]))
def test_windows_is_linux_and_an_uplift_a_processor_or_no_price(family: tuple[str, str], size: str) -> None:
    sku, region = f"{family[0]}.{size}", family[1]
    assume(sku in BOOK.sizes)
    windows, held = BOOK.price(sku, region, "windows"), BOOK.sizes.get(sku)
    if windows.amount is None:
        assert windows.quality == "absent"
        assert windows.why
        return
    assert held is not None
    assert held.arch == "x86_64"
    assert windows.amount - amount(sku, region) == BOOK.licence("windows") * held.vcpus


@given(st.sampled_from(AZURE), st.sampled_from([2, 4, 8, 16, 20, 32, 48, 64, 72, 80, 96]))
def test_azure_is_linear_in_processors_and_so_is_windows(family: tuple[str, str], cores: int) -> None:
    name, region = family
    letter = name[0]
    sku = f"Standard_{letter}{cores}{name[1:]}"
    assert amount(sku, region) == BOOK.azure[family].amount * cores
    windows = BOOK.price(sku, region, "windows").amount
    assert windows is None or windows - amount(sku, region) == BOOK.licence("windows") * cores


def test_every_price_that_ships_is_above_zero_dated_and_says_where_it_is_from() -> None:
    for known in (BOOK.aws, BOOK.azure):
        assert all(family.amount > 0 and 1 <= family.agree <= family.seen for family in known.values())
    free = [item.id for item in BOOK.listed.items if item.price <= 0]
    assert free == ["azure-between-zones"]  # it is free, where AWS takes money for it
    for item in BOOK.listed.items:
        price = BOOK.price(item.id, item.region)
        assert price.source
        assert price.as_of is not None


def test_storage_and_network_at_home_are_said_by_two_sources_or_marked_as_one() -> None:
    """A row names its second source; both stand in the list of sources, and are not the same."""
    for item in BOOK.listed.items:
        assert item.source in BOOK.listed.sources
        assert item.second is None or (item.second in BOOK.listed.sources and item.second != item.source)
    twice = {
        item.id for item in BOOK.listed.items if item.second and item.region in ("us-east-1", "eastus", "westus", "westeurope")
    }
    assert {
        "aws-gp3",
        "aws-st1",
        "aws-snapshot",
        "aws-s3-standard",
        "aws-nat",
        "aws-vpn",
        "azure-nat",
        "azure-blob-hot",
    } <= twice


@pytest.mark.parametrize(
    ("item", "region", "usd", "quality"),
    [
        ("aws-gp3", "us-east-1", "0.08", "exact"),
        ("aws-gp3", "eu-west-1", "0.088", "exact"),
        ("azure-p30", "westeurope", None, "exact"),
        ("aws-efs", "eu-west-1", None, "estimated"),
        ("azure-load-balancer", "brazilsouth", "0.025", "exact"),
    ],
)
def test_an_item_is_priced_where_it_is_known_and_estimated_where_machines_say_how_dear_a_region_is(
    item: str, region: str, usd: str | None, quality: str
) -> None:
    price = BOOK.price(item, region)
    assert price.quality == quality
    assert usd is None or price.amount == Decimal(usd)


def test_what_is_estimated_from_the_prices_of_machines_is_near_what_others_know() -> None:
    """Disks and NAT of Ireland and Frankfurt, out of Virginia's, against tables that know them: within 15 %."""
    for item in ("aws-gp3", "aws-gp2", "aws-nat", "aws-logs-in"):
        for region in ("eu-west-1", "eu-central-1"):
            known = next((each for each in BOOK.listed.items if each.id == item and each.region == region), None)
            if known is not None:
                without = BOOK.with_(listed=BOOK.listed.model_copy(
                    update={"items": tuple(each for each in BOOK.listed.items if each.region != region)}
                ))  # fmt: skip
                guess = without.price(item, region).amount
                assert guess is not None
                assert float(guess) == pytest.approx(float(known.price), rel=0.15)


@pytest.mark.parametrize(
    ("gib", "tier"), [("1", "azure-p1"), ("128", "azure-p10"), ("129", "azure-p15"), ("32767", "azure-p80")]
)
def test_a_disk_of_azure_is_rounded_up_to_the_next_size(gib: str, tier: str) -> None:
    price = BOOK.disk("premium", Decimal(gib), "westeurope")
    assert price is not None
    assert price.sku == tier


def test_a_disk_that_is_larger_than_any_that_is_sold_has_no_price() -> None:
    assert BOOK.disk("premium", Decimal(32_768), "westeurope") is None


def test_egress_costs_what_its_region_asks() -> None:
    virginia, tokyo = (BOOK.egress("aws", Decimal(1100), region) for region in ("us-east-1", "ap-northeast-1"))
    assert (virginia, tokyo) == (Decimal("90.00"), Decimal("114.0"))


def test_a_family_that_rests_on_one_size_is_an_estimate() -> None:
    alone = next(key for key, family in BOOK.aws.items() if family.agree == 1)
    assert BOOK.price(f"{alone[0]}.large", alone[1]).quality == "estimated"


@given(st.decimals(0, 400_000, places=1), st.decimals(0, 400_000, places=1), st.sampled_from(["aws", "azure"]))
def test_more_traffic_never_costs_less_and_the_first_hundred_are_free(one: Decimal, more: Decimal, provider: str) -> None:
    low, high = BOOK.egress(provider, one), BOOK.egress(provider, one + more)
    assert low is not None
    assert high is not None
    assert low <= high
    assert BOOK.egress(provider, Decimal(100)) == 0


def test_traffic_is_priced_tier_by_tier() -> None:
    # 100 free, 10,140 at 0.09, and 60 at 0.085
    assert BOOK.egress("aws", Decimal(10_300)) == Decimal("912.60") + Decimal("5.10")
    assert BOOK.egress("elsewhere", Decimal(1)) is None


@pytest.mark.parametrize(
    ("sku", "region", "os", "why"),
    [
        ("m5.metal", "us-east-1", "linux", "no size of AWS"),
        ("g5.xlarge", "us-east-1", "linux", "no price is known of g5"),
        ("m7g.large", "eu-west-1", "windows", "Windows does not run on it"),
        ("t3.large", "eu-west-1", "windows", "an uplift of their own"),
        ("m5.large", "atlantis-1", "linux", "no price is known in the region atlantis-1"),
        ("m5.7xlarge", "eu-west-1", "linux", "AWS sells no size of this name"),
        ("Standard_D7s_v5", "westeurope", "linux", "Azure sells no size with so many processors"),
        ("Standard_B2ms", "westeurope", "linux", "does not have this size"),
        ("gp3", "eu-west-1", "linux", "perhaps aws-gp3"),
        ("Standard_D2ps_v5", "westeurope", "windows", "Windows does not run on it"),
        ("aws-gp3", "atlantis-1", "linux", "no price is known of it in atlantis-1"),
    ],
)
def test_what_cannot_be_derived_is_absent_and_says_why(sku: str, region: str, os: str, why: str) -> None:
    price = BOOK.price(sku, region, os)  # type: ignore[arg-type]
    assert price.amount is None
    assert price.quality == "absent"
    assert why in price.why


def test_a_price_is_shown_with_its_source_and_an_absent_one_as_null() -> None:
    shown = run("prices", "show", "m5.large", "eu-west-1", "--os", "windows", "-f", "json")
    told = json.loads(shown.stdout)
    assert list(told) == ["sku", "region", "os", "price", "unit", "currency", "quality", "source", "as_of"]
    assert (told["price"], told["quality"], told["as_of"]) == (0.199, "family_derived", "2025-03-02")
    none = run("prices", "show", "m99.large", "eu-west-1", "-f", "json")
    assert none.returncode == 0
    assert json.loads(none.stdout)["price"] is None
    assert "no price is known of m99" in none.stderr
