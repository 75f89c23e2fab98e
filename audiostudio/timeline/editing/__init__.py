"""Every edit of a timeline, as pure functions from one `Project` to the next. What one does not touch stays the same
object; one that cannot be done raises a `RequestError`.

`History.edit("Split", lambda project: trimming.split(project, timeline_id, at))` makes an undo step of it.
"""
