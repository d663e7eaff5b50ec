"""Each hour: how rare coaches are, what each did, how long schools wait, and so who comes first."""

from services.scheduler.domain.fairness import loads
from services.scheduler.ports import Stock, Work


def take_stock(work: Work, stock: Stock) -> None:
    """Count anew what every plan weighs by. Nobody is told, and no time that was told is touched."""
    stock.count_coaches()
    stock.keep_loads(loads(stock.at_work(), stock.stays(), stock.travel()))
    stock.count_waits()
    # With the turn: whoever waits is locked here, and a plan passes over rows that are.
    work.take_turn()
    turns = work.turns()
    stock.set_turns({request.id: turns.head_start(request) for request in stock.waiting()})
