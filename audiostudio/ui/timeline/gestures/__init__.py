"""What mouse and keys do on the timeline. Each drag is a class: it shows what would be, and does it when the button is
let go of: one undo step, and nothing at all after Escape."""
