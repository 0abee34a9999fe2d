"""The child process that draws pictures and papers: figures or a photo in, bytes out, with limits and without a key.

`python -I -m bot.drawing`, but for the folder that has to be found; `parent.py` starts it and is all that Hark itself
loads of it.
"""
