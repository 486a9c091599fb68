"""Blocks of diffusers' U-Net and autoencoder (v0.25.1) as functions of a dict of weights, for timing."""
import math

import torch
import torch.nn.functional as F


class Weights:
    """Weights under a prefix of their state_dict names."""

    def __init__(self, tensors, prefix=""):
        self.tensors, self.prefix = tensors, prefix

    def scope(self, name):
        return Weights(self.tensors, f"{self.prefix}{name}.")

    def get(self, name):
        return self.tensors.get(self.prefix + name)

    def has(self, name):
        return self.prefix + name in self.tensors


def conv(w, x, **options):
    return F.conv2d(x, w.get("weight"), w.get("bias"), **options)


def dense(w, x):
    return F.linear(x, w.get("weight"), w.get("bias"))


def group_norm(w, x, groups, eps):
    return F.group_norm(x, groups, w.get("weight"), w.get("bias"), eps)


def token_norm(w, x):
    return F.layer_norm(x, x.shape[-1:], w.get("weight"), w.get("bias"), 1e-5)


def attend(q, k, v):
    """[B,heads,N,d]; PyTorch's own fused operator where it has one, else what diffusers does on older versions."""
    fused = getattr(F, "scaled_dot_product_attention", None)
    if fused:
        return fused(q, k, v)
    b, heads, n, d = q.shape
    q, k, v = (x.reshape(b * heads, -1, d) for x in (q, k, v))
    empty = torch.empty(b * heads, n, k.shape[1])
    scores = torch.baddbmm(empty, q, k.transpose(1, 2), beta=0, alpha=1 / math.sqrt(d))
    return torch.bmm(scores.softmax(-1), v).reshape(b, heads, n, d)


def multi_head_attention(w, x, context, heads):
    def split(t):
        b, n, c = t.shape
        return t.view(b, n, heads, c // heads).transpose(1, 2)

    q, k, v = (split(dense(w.scope(name), t)) for name, t in (("to_q", x), ("to_k", context), ("to_v", context)))
    out = attend(q, k, v).transpose(1, 2).reshape(x.shape[0], x.shape[1], -1)
    return dense(w.scope("to_out.0"), out)


def transformer_block(w, x, context, heads):
    normed = token_norm(w.scope("norm1"), x)
    x = x + multi_head_attention(w.scope("attn1"), normed, normed, heads)
    x = x + multi_head_attention(w.scope("attn2"), token_norm(w.scope("norm2"), x), context, heads)
    value, gate = dense(w.scope("ff.net.0.proj"), token_norm(w.scope("norm3"), x)).chunk(2, dim=-1)
    return x + dense(w.scope("ff.net.2"), value * F.gelu(gate))


def transformer2d(w, x, context, heads, groups, linear_projection):
    b, c, height, width = x.shape
    h = group_norm(w.scope("norm"), x, groups, 1e-6)
    if linear_projection:
        h = dense(w.scope("proj_in"), h.flatten(2).transpose(1, 2))
    else:
        h = conv(w.scope("proj_in"), h).flatten(2).transpose(1, 2)
    h = transformer_block(w.scope("transformer_blocks.0"), h, context, heads)
    if linear_projection:
        h = dense(w.scope("proj_out"), h).transpose(1, 2).reshape(b, c, height, width)
    else:
        h = conv(w.scope("proj_out"), h.transpose(1, 2).reshape(b, c, height, width))
    return h + x


def resnet(w, x, time, groups, eps):
    h = conv(w.scope("conv1"), F.silu(group_norm(w.scope("norm1"), x, groups, eps)), padding=1)
    if time is not None:
        h = h + dense(w.scope("time_emb_proj"), time)[:, :, None, None]
    h = conv(w.scope("conv2"), F.silu(group_norm(w.scope("norm2"), h, groups, eps)), padding=1)
    return (conv(w.scope("conv_shortcut"), x) if w.has("conv_shortcut.weight") else x) + h


def unet(w, config, z, t, c):
    channels, layers = config["block_out_channels"], config["layers_per_block"]
    groups, eps, heads = config["norm_num_groups"], config["norm_eps"], config["attention_head_dim"]
    half = channels[0] // 2
    phase = t * torch.exp(-math.log(10000) * torch.arange(half) / half)[None]
    embedding = torch.cat([torch.cos(phase), torch.sin(phase)], 1)
    w_time = w.scope("time_embedding")
    time = F.silu(dense(w_time.scope("linear_2"), F.silu(dense(w_time.scope("linear_1"), embedding))))

    def layer(block, j, h):
        h = resnet(block.scope(f"resnets.{j}"), h, time, groups, eps)
        attention = block.scope(f"attentions.{j}")
        if not attention.has("norm.weight"):
            return h
        return transformer2d(attention, h, c, heads, groups, config["use_linear_projection"])

    h = conv(w.scope("conv_in"), z, padding=1)
    skips = [h]
    last = len(channels) - 1
    for i in range(len(channels)):
        block = w.scope(f"down_blocks.{i}")
        for j in range(layers):
            h = layer(block, j, h)
            skips.append(h)
        if i < last:
            h = conv(block.scope("downsamplers.0.conv"), h, stride=2, padding=1)
            skips.append(h)
    mid = w.scope("mid_block")
    h = resnet(mid.scope("resnets.1"), layer(mid, 0, h), time, groups, eps)
    for i in range(len(channels)):
        block = w.scope(f"up_blocks.{i}")
        for j in range(layers + 1):
            h = layer(block, j, torch.cat([h, skips.pop()], 1))
        if i < last:
            h = conv(block.scope("upsamplers.0.conv"), F.interpolate(h, scale_factor=2.0), padding=1)
    h = F.silu(group_norm(w.scope("conv_norm_out"), h, groups, eps))
    return conv(w.scope("conv_out"), h, padding=1)


def decode(w, config, z):
    groups, eps, last = config["norm_num_groups"], 1e-6, len(config["block_out_channels"]) - 1
    decoder = w.scope("decoder")
    h = conv(decoder.scope("conv_in"), conv(w.scope("post_quant_conv"), z), padding=1)
    mid = decoder.scope("mid_block")
    h = resnet(mid.scope("resnets.0"), h, None, groups, eps)
    b, c, height, width = h.shape
    attention = mid.scope("attentions.0")
    tokens = group_norm(attention.scope("group_norm"), h, groups, eps).flatten(2).transpose(1, 2)
    h = h + multi_head_attention(attention, tokens, tokens, 1).transpose(1, 2).reshape(b, c, height, width)
    h = resnet(mid.scope("resnets.1"), h, None, groups, eps)
    for i in range(last + 1):
        block = decoder.scope(f"up_blocks.{i}")
        for j in range(config["layers_per_block"] + 1):
            h = resnet(block.scope(f"resnets.{j}"), h, None, groups, eps)
        if i < last:
            h = conv(block.scope("upsamplers.0.conv"), F.interpolate(h, scale_factor=2.0), padding=1)
    h = F.silu(group_norm(decoder.scope("conv_norm_out"), h, groups, eps))
    return conv(decoder.scope("conv_out"), h, padding=1)
