"""What the desk counts about itself, as Prometheus reads it (text format 0.0.4): no names, no addresses, nothing of the votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Upper bounds of the times of requests [seconds]."""


@dataclass(slots=True)
class Figures:
    """Counters since the desk was started.

    Args:
        requests: Answers by method and status.
        buckets: Requests by the smallest bound of `BUCKETS` that they kept; the last is for slower ones.
        seconds: All requests together [seconds].
        actions: What was recorded, by kind.
        sign_ins: Tries to sign in, by how they ended.
    """

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    buckets: Counter[float] = field(default_factory=Counter)
    seconds: float = 0.0
    actions: Counter[str] = field(default_factory=Counter)
    sign_ins: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def answered(self, method: str, status: int, seconds: float) -> None:
        """Count an answer and how long it took."""
        with self.lock:
            self.requests[method, status] += 1
            self.buckets[next((bound for bound in BUCKETS if seconds <= bound), float("inf"))] += 1
            self.seconds += seconds

    def text(self, gauges: Mapping[str, float]) -> str:
        """Write everything, with values of the moment beside it."""
        with self.lock:
            return "\n".join((*self._lines(), *(line for name, value in gauges.items() for line in _gauge(name, value)))) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# TYPE racecall_desk_requests_total counter"
        for (method, status), number in sorted(self.requests.items()):
            yield f'racecall_desk_requests_total{{method="{method}",status="{status}"}} {number}'
        yield "# TYPE racecall_desk_request_seconds histogram"
        total = 0
        for bound in BUCKETS:
            total += self.buckets[bound]
            yield f'racecall_desk_request_seconds_bucket{{le="{bound}"}} {total}'
        total += self.buckets[float("inf")]
        yield f'racecall_desk_request_seconds_bucket{{le="+Inf"}} {total}'
        yield f"racecall_desk_request_seconds_sum {self.seconds:.6f}"
        yield f"racecall_desk_request_seconds_count {total}"
        for name, counter in (("actions", self.actions), ("sign_ins", self.sign_ins)):
            yield f"# TYPE racecall_desk_{name}_total counter"
            yield from (f'racecall_desk_{name}_total{{kind="{kind}"}} {number}' for kind, number in sorted(counter.items()))


def _gauge(name: str, value: float) -> Iterator[str]:
    yield f"# TYPE racecall_desk_{name} gauge"
    yield f"racecall_desk_{name} {value:g}"
