"""Choose the thresholds of reading on some labelled asks and judge them on the others. Pure.

k-fold cross-validation (Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 7.10): no
ask is judged by thresholds that it took part in choosing.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import product

from services.request_intake.domain.evaluation import Answer, Judged, LabelledAsk, evaluate
from services.request_intake.domain.need import Thresholds

GRID = tuple(
    Thresholds(too_vague=vague / 100, sure_to_decline=decline / 100)
    for vague, decline in product(range(40, 71, 5), range(48, 70, 3))
)
# A wrong decline costs more than all else: from this share on it outweighs every gain.
_DECLINES_AT_MOST = 0.02
_COST = 10

Answering = Callable[[Thresholds, LabelledAsk], Answer]


def cross_validated(
    asks: Sequence[LabelledAsk], answering: Answering, urgent: Collection[str], folds: int
) -> list[Judged]:
    """Each ask with the answer by the thresholds that were best on the folds without it."""
    answers = {
        thresholds: [(ask, answering(thresholds, ask)) for ask in asks] for thresholds in GRID
    }
    judged: list[Judged] = []
    for fold in range(folds):
        best = max(
            GRID,
            key=lambda thresholds: _merit(
                [pair for i, pair in enumerate(answers[thresholds]) if i % folds != fold], urgent
            ),
        )
        judged += [pair for i, pair in enumerate(answers[best]) if i % folds == fold]
    return judged


def _merit(judged: Sequence[Judged], urgent: Collection[str]) -> float:
    """Higher is better: what is found, less what must not happen."""
    share = {name: tally.share or 0.0 for name, tally in evaluate(judged, urgent).items()}
    found = share["redirect_accuracy"] + share["topic_accuracy@3"]
    too_many = max(0.0, share["wrongly_declined"] - _DECLINES_AT_MOST)
    return found + share["clarification_recall"] / 2 - _COST * too_many - share["urgent_missed"]
