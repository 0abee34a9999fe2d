"""The leads' side of a case: the queue, opening, and what leads do. Unknown and not yours are the same answer."""
