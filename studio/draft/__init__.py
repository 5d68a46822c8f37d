"""The draft of a model: the document and its single changes, two edits merged, and the draft as it is kept."""
