"""Backends whose pictures are made by a service.

service   what the code that all services share needs of one of them
backend   what their backends share
answers   what a service answers: a prediction as plain values, or one of two exceptions
output    fetching a finished picture, without credentials, and checking it
pending   what is under way, on disk, so that nothing that was paid for is lost
order     one picture from the order to the pixels, whatever happens in between
placing     creating its prediction, once
following   waiting for it, counting what it cost, fetching the picture
explain   what goes wrong there, in words for the user
tasks     several pictures at once, as one stream of events
timeouts  how long it waits for what
"""
