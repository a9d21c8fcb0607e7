"""Reading over HTTPS: no credentials, a few tries, and never more than is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from migrascope.model.problem import input_error

if TYPE_CHECKING:
    import requests

TRIES: Final = 3
SECONDS: Final = 60
"""How long to wait for an answer, or for more of it."""
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_BLOCK: Final = 1 << 16

Said = Callable[[str], None]


def session(endpoint: str) -> requests.Session:
    """A session that tries again what fails in passing. Raises InputError for an address that is not safe."""
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    parts = urlsplit(endpoint)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise input_error("is no address", endpoint, "write it as https://prices.example")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise input_error("is not encrypted", endpoint, "prices are read over https")
    found = requests.Session()
    again = Retry(TRIES, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503, 504), allowed_methods=("GET",))
    found.mount(f"{parts.scheme}://", HTTPAdapter(max_retries=again))
    found.trust_env = True
    return found


def pages(endpoint: str, path: str, query: dict[str, str], said: Said) -> Iterator[dict[str, Any]]:
    """A list in pages, each of which names the next. Raises InputError."""
    import requests

    here = urlsplit(endpoint)
    with session(endpoint) as open_:
        url: str | None = f"{endpoint.rstrip('/')}{path}"
        params: dict[str, str] | None = query
        number = 0
        read: set[str] = set()
        while url:
            if url in read:
                raise input_error("names a page that was read already", url, "try again later")
            read.add(url)
            try:
                answer = open_.get(url, params=params, timeout=SECONDS)
            except requests.RequestException as error:
                raise _failed(url, error) from None
            _good(answer, url)
            try:
                page = answer.json()
                items = list(page["Items"])
            except (ValueError, KeyError, TypeError):
                raise input_error("did not answer with a page of prices", url, "try again later, or without a proxy") from None
            number += len(items)
            said(f"{number} prices")
            yield page
            following = page.get("NextPageLink") or None
            if following is not None and urlsplit(following).hostname != here.hostname:
                following = _at_home(following, endpoint)
            url, params = following, None


def _at_home(link: str, endpoint: str) -> str:
    """The next page where we were told to ask: a link never leads elsewhere."""
    parts = urlsplit(link)
    return f"{endpoint.rstrip('/')}{parts.path}?{parts.query}"


def text_lines(endpoint: str, path: str, said: Said) -> Iterator[str]:
    """A large text, line by line as it comes in. Raises InputError, also where it ends too early."""
    import requests

    url = f"{endpoint.rstrip('/')}{path}"
    with session(endpoint) as open_:
        try:
            with open_.get(url, stream=True, timeout=SECONDS) as answer:
                _good(answer, url)
                yield from _lines(answer, url, said)
        except requests.RequestException as error:
            raise _failed(url, error) from None


def _lines(answer: requests.Response, url: str, said: Said) -> Iterator[str]:
    wanted = int(answer.headers.get("Content-Length", 0)) if "Content-Encoding" not in answer.headers else 0
    read, rest = 0, b""
    for block in answer.iter_content(_BLOCK):
        read += len(block)
        said(f"{read / 1e6:.0f} MB" + (f" of {wanted / 1e6:.0f}" if wanted else ""))
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace") + "\n"
    if rest:
        yield rest.decode("utf-8", "replace")
    if wanted and read < wanted:
        raise input_error(f"ended after {read} of {wanted} bytes", url, "try again")


def _good(answer: requests.Response, url: str) -> None:
    if answer.status_code == 404:
        raise input_error("is not there", url, "check how the region is spelt")
    if not answer.ok:
        raise input_error(f"answered {answer.status_code}", url, "try again later")


def _failed(url: str, error: Exception) -> Exception:
    if "IncompleteRead" in str(error):
        return input_error("ended too early", url, "try again")
    why = "certificate not trusted" if "CERTIFICATE" in str(error).upper() else type(error).__name__
    return input_error(f"cannot be read: {why}", url, "check the network and its proxy, and try again")
