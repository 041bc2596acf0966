"""The desk of a person who sits at a table: they are shown what a model would be sent, and answer as one.

hearing   a request as something to read                   scale   a belief by arrow keys, digits or mouse
boxes     what is read, drawn; what is said, put in form   app     the screen, with the engine on a thread of its own
"""
