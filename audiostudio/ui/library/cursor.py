"""Where a key leads among equal cells."""

from PySide6.QtWidgets import QAbstractItemView

_ACTIONS = QAbstractItemView.CursorAction


def goal(action: QAbstractItemView.CursorAction, row: int, last: int, columns: int, screen: int) -> int:
    """The row that `action` leads to from `row`; `screen` rows are in sight. Down from above a line that is not full
    leads to its end."""
    steps = {
        _ACTIONS.MoveLeft: -1,
        _ACTIONS.MovePrevious: -1,
        _ACTIONS.MoveRight: 1,
        _ACTIONS.MoveNext: 1,
        _ACTIONS.MoveUp: -columns,
        _ACTIONS.MoveDown: columns,
        _ACTIONS.MovePageUp: -screen,
        _ACTIONS.MovePageDown: screen,
        _ACTIONS.MoveHome: -row,
        _ACTIONS.MoveEnd: last - row,
    }
    found = row + steps[action]
    if action == _ACTIONS.MoveUp and found < 0:
        return row
    if action == _ACTIONS.MoveDown and found > last:
        return last if found // columns <= last // columns else row
    return max(0, min(last, found))
