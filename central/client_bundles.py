"""The terminal's side of handing over a support bundle, by the rules of `central.client`."""

from collections.abc import Callable

from central.client_people import Asks
from central.contract import sha256_of
from central.contract_bundles import PATH_BUNDLE, BundlePart, BundlePartTaken
from central.failure import Failure, NotOurs


class BundlesClient:
    """Hands over parts of bundles.

    Args:
        ask: asks one question.
        new_id: makes ids for requests.
    """

    def __init__(self, ask: Asks, new_id: Callable[[], str]) -> None:
        self._ask = ask
        self._new_id = new_id

    async def put_part(
        self, bundle_id: str, part: int, parts: int, content: bytes, within_s: float
    ) -> BundlePartTaken | Failure:
        """Hands over one part; it is on the service's disk when this answers."""
        asked = BundlePart(self._new_id(), bundle_id, part, parts, sha256_of(content), content)
        answer = await self._ask(PATH_BUNDLE, asked, BundlePartTaken, within_s)
        if not isinstance(answer, BundlePartTaken):
            return answer
        if answer.request_id != asked.request_id:
            return NotOurs("request_id")
        if answer.sha256 != asked.sha256:
            return NotOurs("digest")
        return answer
