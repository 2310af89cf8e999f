#!/bin/sh
# Draws the posters for videos of which no still could be taken: a play sign on a dark ground, in three shapes. Run once, with
# ffmpeg; the results are kept beside this file.
set -eu
cd "$(dirname "$0")"

draw() { # name, width, height
  radius="(0.14*min(W,H))"
  disc="clip($radius-hypot(X-W/2,Y-H/2),0,1)"
  right="(W/2+0.5*$radius-X)"
  sign="clip(min(X-(W/2-0.35*$radius),($right*0.53-abs(Y-H/2))/1.13),0,1)"
  channel() { # value at the top, value at the bottom
    echo "($1+($2-$1)*Y/H)*(1-$disc)+$disc*(238*(1-$sign)+$1*$sign)"
  }
  ffmpeg -v error -y -f lavfi -i "color=black:size=$2x$3,format=gbrp" -frames:v 1 \
    -vf "geq=r='$(channel 30 15)':g='$(channel 41 23)':b='$(channel 59 42)'" -q:v 4 "$1"
}

draw poster-wide.jpg 1280 720
draw poster-tall.jpg 720 1280
draw poster-square.jpg 960 960
