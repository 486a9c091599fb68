/** Configs of Stable Diffusion folders as published, whole: harmless keys included. */

const SD_BLOCKS = {
  block_out_channels: [320, 640, 1280, 1280],
  down_block_types: ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'CrossAttnUpBlock2D'],
};

const UNET = {
  _class_name: 'UNet2DConditionModel',
  ...SD_BLOCKS,
  act_fn: 'silu',
  center_input_sample: false,
  downsample_padding: 1,
  flip_sin_to_cos: true,
  freq_shift: 0,
  in_channels: 4,
  layers_per_block: 2,
  mid_block_scale_factor: 1,
  norm_eps: 1e-5,
  norm_num_groups: 32,
  out_channels: 4,
};

/** SD 1.4 and 1.5, files of diffusers 0.12. */
const UNET_1 = {
  ...UNET,
  _diffusers_version: '0.12.0.dev0',
  attention_head_dim: 8,
  class_embed_type: null,
  cross_attention_dim: 768,
  dual_cross_attention: false,
  mid_block_type: 'UNetMidBlock2DCrossAttn',
  num_class_embeds: null,
  only_cross_attention: false,
  resnet_time_scale_shift: 'default',
  sample_size: 64,
  upcast_attention: false,
  use_linear_projection: false,
};

const UNET_2 = {
  ...UNET,
  _diffusers_version: '0.10.0.dev0',
  attention_head_dim: [5, 10, 20, 20],
  cross_attention_dim: 1024,
  dual_cross_attention: false,
  num_class_embeds: null,
  only_cross_attention: false,
  use_linear_projection: true,
};

/** What diffusers 0.25 writes of the same network. */
const UNET_1_LATER = {
  ...UNET_1,
  _diffusers_version: '0.25.0.dev0',
  addition_embed_type: null,
  addition_embed_type_num_heads: 64,
  addition_time_embed_dim: null,
  attention_type: 'default',
  class_embeddings_concat: false,
  conv_in_kernel: 3,
  conv_out_kernel: 3,
  cross_attention_norm: null,
  dropout: 0,
  encoder_hid_dim: null,
  encoder_hid_dim_type: null,
  mid_block_only_cross_attention: null,
  num_attention_heads: null,
  projection_class_embeddings_input_dim: null,
  resnet_out_scale_factor: 1,
  resnet_skip_time_act: false,
  reverse_transformer_layers_per_block: null,
  time_cond_proj_dim: null,
  time_embedding_act_fn: null,
  time_embedding_dim: null,
  time_embedding_type: 'positional',
  timestep_post_act: null,
  transformer_layers_per_block: 1,
};

const VAE = {
  _class_name: 'AutoencoderKL',
  _diffusers_version: '0.6.0',
  act_fn: 'silu',
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array<string>(4).fill('DownEncoderBlock2D'),
  in_channels: 3,
  latent_channels: 4,
  layers_per_block: 2,
  norm_num_groups: 32,
  out_channels: 3,
  sample_size: 512,
  up_block_types: Array<string>(4).fill('UpDecoderBlock2D'),
};

const VAE_LATER = {
  ...VAE,
  _diffusers_version: '0.30.0',
  force_upcast: true,
  latents_mean: null,
  latents_std: null,
  mid_block_add_attention: true,
  scaling_factor: 0.18215,
  shift_factor: null,
  use_post_quant_conv: true,
  use_quant_conv: true,
};

const TEXT_1 = {
  _name_or_path: 'openai/clip-vit-large-patch14',
  architectures: ['CLIPTextModel'],
  attention_dropout: 0,
  bos_token_id: 0,
  dropout: 0,
  eos_token_id: 2,
  hidden_act: 'quick_gelu',
  hidden_size: 768,
  initializer_factor: 1,
  initializer_range: 0.02,
  intermediate_size: 3072,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 77,
  model_type: 'clip_text_model',
  num_attention_heads: 12,
  num_hidden_layers: 12,
  pad_token_id: 1,
  projection_dim: 768,
  torch_dtype: 'float32',
  transformers_version: '4.22.0.dev0',
  vocab_size: 49408,
};

const TEXT_2 = {
  ...TEXT_1,
  _name_or_path: 'stabilityai/stable-diffusion-2',
  hidden_act: 'gelu',
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 23,
  projection_dim: 512,
};

const SCHEDULER = {
  _class_name: 'PNDMScheduler',
  _diffusers_version: '0.6.0',
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  clip_sample: false,
  num_train_timesteps: 1000,
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
  trained_betas: null,
};

const INDEX = {
  _class_name: 'StableDiffusionPipeline',
  _diffusers_version: '0.6.0',
  feature_extractor: ['transformers', 'CLIPImageProcessor'],
  safety_checker: ['stable_diffusion', 'StableDiffusionSafetyChecker'],
  scheduler: ['diffusers', 'PNDMScheduler'],
  text_encoder: ['transformers', 'CLIPTextModel'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
};

/** JSON files of a folder by path. */
export type HubConfigs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const folder = (index: object, unet: object, vae: object, text: object, scheduler: object): HubConfigs => ({
  'model_index.json': { ...index },
  'unet/config.json': { ...unet },
  'vae/config.json': { ...vae },
  'text_encoder/config.json': { ...text },
  'scheduler/scheduler_config.json': { ...scheduler },
});

export const HUB_CONFIGS = {
  'SD 1.4': folder(
    INDEX,
    UNET_1,
    { ...VAE, norm_num_groups: undefined, scaling_factor: 0.18215 },
    { ...TEXT_1, projection_dim: undefined },
    SCHEDULER,
  ),
  'SD 1.5': folder(INDEX, UNET_1, VAE, TEXT_1, SCHEDULER),
  'SD 1.5 as diffusers 0.25 and later save it': folder(
    { ...INDEX, image_encoder: [null, null], requires_safety_checker: true },
    UNET_1_LATER,
    VAE_LATER,
    { ...TEXT_1, torch_dtype: 'float16' },
    { ...SCHEDULER, prediction_type: 'epsilon', timestep_spacing: 'leading' },
  ),
  'SD 2.1 base': folder(
    { ...INDEX, requires_safety_checker: false, safety_checker: [null, null] },
    { ...UNET_2, sample_size: 64 },
    { ...VAE, _name_or_path: 'vae', sample_size: 768 },
    TEXT_2,
    { ...SCHEDULER, prediction_type: 'epsilon' },
  ),
  'SD 2.1': folder(
    { ...INDEX, scheduler: ['diffusers', 'DDIMScheduler'] },
    { ...UNET_2, sample_size: 96, upcast_attention: true },
    { ...VAE, sample_size: 768 },
    TEXT_2,
    { ...SCHEDULER, _class_name: 'DDIMScheduler', prediction_type: 'v_prediction' },
  ),
} as const satisfies Record<string, HubConfigs>;
