"""The figures that people see of sums, by name."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from maskline.services.binding_statistics import NOT_KNOWN
from maskline.services.count_question import Counted, Kind

Figures: TypeAlias = dict[str, int | float | None]
"""Counts, shares, means in milliseconds; None where there was nothing to tell it of."""


def figures_of(kind: Kind, counted: Counted) -> Figures:
    """What is told of these sums; each kind has the same names always."""
    return _FIGURES[kind](counted)


def _of_call(counted: Counted) -> Figures:
    count, connected, talk_s, setup_ms, ringing_ms, rang, refused, failed = counted.sums
    return {
        "count": count,
        "connected": connected,
        "connected_share": round(connected / count, 4) if count else None,
        "unanswered": count - connected - refused - failed,
        "refused": refused,
        "failed": failed,
        "talk_s": talk_s,
        "setup_ms": _mean(setup_ms, rang),
        "ringing_ms": _mean(ringing_ms, rang),
    }


def _of_concurrent(counted: Counted) -> Figures:
    peak, total, samples, *_ = counted.sums
    return {"count": peak, "failed": 0, "mean": round(total / samples, 2)}


def _of_message(counted: Counted) -> Figures:
    count, sent, refused, failed, parts_sent, parts_failed, took_ms, _ = counted.sums
    return {
        "count": count,
        "sent": sent,
        "refused": refused,
        "failed": failed,
        "parts_sent": parts_sent,
        "parts_failed": parts_failed,
        "took_ms": _mean(took_ms, sent),
    }


def _of_binding(counted: Counted) -> Figures:
    made, ended, live, *_ = counted.sums
    known = None if live == NOT_KNOWN else live
    return {"count": made, "failed": 0, "ended": ended, "live": known}


def _of_push(counted: Counted) -> Figures:
    tries, firsts, first_ok, failed, took_ms, *_ = counted.sums
    return {
        "count": tries,
        "failed": failed,
        "first_tries": firsts,
        "first_try_ok": first_ok,
        "took_ms": _mean(took_ms, tries),
    }


def _of_request(counted: Counted) -> Figures:
    requests, _, _, failed, took_ms, *_ = counted.sums
    return {"count": requests, "failed": failed, "took_ms": _mean(took_ms, requests)}


def _mean(total: int, count: int) -> float | None:
    return round(total / count, 1) if count else None


_FIGURES: Mapping[Kind, Callable[[Counted], Figures]] = {
    "calls": _of_call,
    "concurrent": _of_concurrent,
    "messages": _of_message,
    "bindings": _of_binding,
    "pushes": _of_push,
    "api": _of_request,
}
