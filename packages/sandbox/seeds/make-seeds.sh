#!/bin/sh
# Makes the one-second clips the sandbox repeats to any duration. Run once, by hand; the results are committed.
# Needs ffmpeg with libx264 and drawtext, and the DejaVu fonts (Debian: ffmpeg, fonts-dejavu-core).
# No B-frames: packets then repeat in decoding order by only shifting their timestamps.
set -eu
cd "$(dirname "$0")"
bold=/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf

make_seed() { # name width height
  name=$1 width=$2 height=$3
  title=$((width < height * 2 ? width / 9 : height / 5))
  small=$((width / 23 < title / 2 ? width / 23 : title / 2))
  bar=$((width / 6))
  ffmpeg -v error -y \
    -f lavfi -i "color=c=0x15233b:s=${width}x${height}:r=24:d=1" \
    -f lavfi -i "color=c=0xffb000:s=${bar}x$((height / 30)):r=24:d=1" \
    -filter_complex "[0][1]overlay=x='-w+t*(W+w)':y=H/2+${title}*1.7,
      drawtext=fontfile=${bold}:text='SANDBOX':fontcolor=white:fontsize=${title}:x=(w-tw)/2:y=h/2-${title}*1.1,
      drawtext=fontfile=${bold}:text='not a real video · costs nothing':fontcolor=0xb9c6dd:fontsize=${small}:x=(w-tw)/2:y=h/2+${title}*0.4" \
    -c:v libx264 -profile:v main -pix_fmt yuv420p -preset veryslow -crf 26 -g 24 -bf 0 -threads 1 \
    -fflags +bitexact -flags:v +bitexact -movflags +faststart "${name}.mp4"
}

make_seed 16x9 640 360
make_seed 9x16 360 640
make_seed 1x1 480 480
make_seed 4x3 560 420
make_seed 3x4 420 560
make_seed 21x9 672 288

# 48 AAC packets of 1024 samples: silence that repeats without a gap every 1.024 s.
ffmpeg -v error -y -f lavfi -i anullsrc=r=48000:cl=mono -t 1.024 -c:a aac -b:a 32k \
  -fflags +bitexact -flags:a +bitexact -movflags +faststart silence.m4a
