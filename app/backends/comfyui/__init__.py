"""Pictures from a ComfyUI server of the user's own, on this machine or in this network.

server       its HTTP routes: plain values in and out, bounded in time and size
socket       its websocket: what it tells while it works
graphs       a graph in ComfyUI's API format, and where its inputs are
recipe       what the server can make pictures with: a checkpoint, one of Sana's, a workflow of the user's
checkpoints, sana  the graphs that come with the app
offers       which recipes a server has
following    one picture from the order to the pixels, whatever happens in between
explain      what goes wrong there, in words for the user
backend      the Backend itself

Nothing here imports httpx or websockets before the server is really needed.
"""
