"""Drawn clips move as their captions say, begin as a picture would, and the held-out combinations stay out."""

import random

import clip_captions
import numpy as np
import pytest
import torch
from canvas import Canvas
from clip_autoencoder import REDUCTION, to_frames
from clip_decoder import CROP, choose_part, draw_batch
from clip_drawing import draw_clip
from clip_transformer import moving_weights
from motion_reader import MOTIONS, agreement, draw_held_out, load_motion_reader
from motions import DIRECTIONS, FRAMES, ORB_MOTIONS, SIDE, Clip, is_held_out, sample_clip, sample_split
from motions import MOTIONS as BY_SUBJECT
from scenes import Scene
from tokenizer import MAX_TOKENS, build_tokenizer


def clips(count: int) -> list[Clip]:
    rng = random.Random(3)
    return [sample_clip(rng) for _ in range(count)]


def centroid(frame: np.ndarray) -> np.ndarray:
    """(x, y) of what is red, in 0..1."""
    red, others = frame[..., 0].astype(int), frame[..., 1:].max(-1).astype(int)
    rows, columns = np.nonzero(red - others > 60)
    return np.array([columns.mean(), rows.mean()]) / SIDE


@pytest.mark.parametrize("motion", DIRECTIONS)
def test_the_subject_goes_where_the_motion_says(motion: str) -> None:
    scene = Scene("red", "hot air balloon", "sea", "noon", "center")
    frames = draw_clip(Clip(scene, motion), random.Random(1))
    assert frames.shape == (FRAMES, SIDE, SIDE, 3)
    way = centroid(frames[8]) - centroid(frames[0])
    assert np.dot(way, DIRECTIONS[motion]) > 0.1
    assert abs(way[0 if motion in ("up", "down") else 1]) < 0.05


def test_all_begins_where_a_picture_has_it() -> None:
    scene = Scene("red", "hot air balloon", "sea", "noon", "center")
    first = [draw_clip(Clip(scene, motion), random.Random(1))[0] for motion in ("left", "up", "")]
    assert np.array_equal(first[0], first[1])
    assert np.array_equal(first[0], first[2])


@pytest.mark.parametrize("motion", ORB_MOTIONS)
def test_a_sun_sets_out_of_sight_and_rises_from_there(motion: str) -> None:
    scene = Scene("blue", "house", "hills", "noon", "center", orb="left")
    frames = draw_clip(Clip(scene, motion), random.Random(2))
    yellow = (np.abs(frames.astype(int) - (255, 228, 92)).sum(-1) < 40).sum((1, 2))
    there, gone = (yellow[-1], yellow[0]) if motion == "rises" else (yellow[0], yellow[-1])
    assert there > 80
    assert gone == 0


def test_where_nothing_moves_all_frames_are_the_same() -> None:
    frames = draw_clip(Clip(Scene("pink", "castle", "city", "night", "left"), ""), random.Random(0))
    assert np.array_equal(frames, np.broadcast_to(frames[0], frames.shape))


def test_what_is_drawn_off_the_origin_is_the_same_elsewhere() -> None:
    drawn = []
    for x, origin in ((0.5, (0.0, 0.0)), (0.25, (0.25, 0.0))):
        canvas = Canvas(64)
        canvas.origin = origin
        canvas.ellipse(x, 0.5, 0.1, 0.1, (255, 0, 0))
        canvas.glow(x, 0.5, 0.2, 0.2, (0, 255, 0))
        drawn.append(np.asarray(canvas.finished()))
    assert np.array_equal(drawn[0], drawn[1])


def test_every_motion_is_reached_and_one_combination_in_ten_is_held_out() -> None:
    assert {clip.motion for clip in clips(400)} == set(MOTIONS)
    assert all(clip.motion in BY_SUBJECT[clip.scene.subject] for clip in clips(400) if clip.motion in DIRECTIONS)
    rng = random.Random(0)
    assert not any(is_held_out(sample_split(rng, held_out=False)) for _ in range(300))
    assert all(is_held_out(sample_split(rng, held_out=True)) for _ in range(50))
    assert 0.05 < sum(map(is_held_out, clips(2000))) / 2000 < 0.15


def test_captions_say_the_motion_and_no_other() -> None:
    words = {"left": ("left", "向左"), "right": ("right", "向右"), "turns": ("turn", "spin", "转")}
    rng = random.Random(4)
    for clip in clips(600):
        for caption in (clip_captions.full_caption(clip, "en"), clip_captions.full_caption(clip, "zh")):
            if clip.motion in words:
                assert any(word in caption for word in words[clip.motion]), caption
        if clip.motion in ("left", "right"):
            ending = clip_captions.full_caption(clip, "en").split(", ")[-1]
            assert ending.endswith(f"to the {clip.motion}")
            other = {"left": "向右", "right": "向左"}[clip.motion]
            assert other not in clip_captions.chinese_caption(clip, rng)


def test_full_captions_read_as_expected() -> None:
    boat = Clip(Scene("red", "sailboat", "sea", "sunset", "right"), "left")
    assert (
        clip_captions.full_caption(boat, "en")
        == "a red sailboat on the right on the sea at sunset, sailing to the left"
    )
    assert clip_captions.full_caption(boat, "zh") == "日落时海上的一艘红色帆船，在右边，向左航行"
    sun = Clip(Scene("blue", "house", "hills", "noon", "center", orb="left"), "sets")
    assert clip_captions.full_caption(sun, "en") == (
        "a blue house in the center in green hills at noon, the sun sets on the left"
    )


def test_every_word_of_a_caption_is_one_token_and_captions_fit() -> None:
    tokenizer = build_tokenizer(clip_captions.words())
    rng = random.Random(5)
    assert max(len(tokenizer(clip_captions.caption(clip, rng)).input_ids) for clip in clips(500)) < MAX_TOKENS
    assert len(tokenizer("a red sailboat sailing to the left motion score: 30.").input_ids) == 13
    assert len(tokenizer("红色帆船向左航行").input_ids) == 6


def test_the_reader_reads_drawn_clips() -> None:
    wanted, frames = draw_held_out(40)
    assert agreement([clip.motion for clip in wanted], load_motion_reader().read(frames)) >= 0.95


def test_the_error_counts_more_where_a_clip_changes() -> None:
    still = torch.randn(2, 3, 1, 4, 4).expand(2, 3, 5, 4, 4)
    assert torch.equal(moving_weights(still), torch.ones(2, 1, 1, 4, 4))
    moving = still.clone()
    moving[1, :, 2:, 1, 2] += 3
    weights = moving_weights(moving)
    assert torch.equal(weights[0], torch.ones(1, 1, 4, 4))
    assert weights[1].mean() == pytest.approx(1)
    assert weights[1].argmax() == 1 * 4 + 2
    assert weights[1].max() > 3 * weights[1].min()


def test_the_decoder_sees_the_parts_that_move() -> None:
    frames = draw_clip(Clip(Scene("red", "kite", "sea", "noon", "left"), "up"), random.Random(1))
    rng = np.random.default_rng(0)
    chosen = [choose_part(frames, rng) for _ in range(200)]
    lefts = np.array([column for _, column in chosen])
    assert (lefts.min(), lefts.max()) == (0, SIDE // REDUCTION - CROP), "all of a clip is seen"
    assert (lefts <= 2).mean() > 0.6, "a kite on the left"
    latents = np.zeros((1, 32, 5, 12, 12), np.float16)
    latents[0, :, :] = np.arange(12)
    codes, clips = draw_batch(frames[None], latents, np.random.default_rng(0), 3)
    assert codes.shape == (3, 32, 5, CROP, CROP)
    for code, clip in zip(codes, clips, strict=True):
        x = int(code[0, 0, 0, 0]) * REDUCTION
        across = to_frames(clip[None])[0]
        assert across.shape == (FRAMES, CROP * REDUCTION, CROP * REDUCTION, 3)
        assert any(
            np.array_equal(across, frames[:, y : y + CROP * REDUCTION, x : x + CROP * REDUCTION])
            for y in range(0, SIDE, REDUCTION)
        )
