"""A video through the SDK of OpenAI for Python (pip install openai), which finds this service by OPENAI_BASE_URL
(http://localhost:8080/v1) and OPENAI_API_KEY (a client key):
python3 examples/openai_videos.py 'A paper boat in a rain gutter' boat.mp4
"""

import sys
import uuid

from openai import OpenAI

prompt = sys.argv[1] if len(sys.argv) > 1 else "A paper boat in a rain gutter"
path = sys.argv[2] if len(sys.argv) > 2 else "video.mp4"

client = OpenAI()
video = client.videos.create_and_poll(
    model="sora-2",
    prompt=prompt,
    seconds="4",
    size="1280x720",
    # The SDK repeats a request whose answer was lost; with the key that can never buy a second video.
    extra_headers={"Idempotency-Key": str(uuid.uuid4())},
)

if video.status != "completed":
    sys.exit(f"failed: {video.error.message if video.error else video.status}")
client.videos.download_content(video.id).write_to_file(path)
print(f"saved as {path}")
