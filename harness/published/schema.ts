import { z } from 'zod';

/** What no text that could be read says. */
export const UNKNOWN = 'unknown';

const known = <S extends z.ZodType>(schema: S) => z.union([schema, z.literal(UNKNOWN)]);

/** Metrics whose published numbers have a counterpart here: `lpips` stands for LPIPS of any network, `fid` for any FID. */
export const FAMILIES = ['psnr', 'ssim', 'lpips', 'fid', 'kid', 'kernel-mnc'] as const;

const protocolSchema = z.object({
  pictures: known(z.int().min(1)).optional(),
  noise: known(z.number().min(0)).optional(),
  noiseScale: z.enum(['[-1,1]', '[0,1]', 'text [0,1] code [-1,1]', UNKNOWN]).optional(),
  lpipsNet: z.enum(['vgg', 'alex', 'squeeze', UNKNOWN]).optional(),
  fidReference: z.string().optional(),
  bestOf: known(z.int().min(1)).optional(),
});

const constant = z.union([z.number(), z.string(), z.boolean()]);

const tableSchema = z.object({
  table: z.string(),
  dataset: z.string(),
  datasetAsPrinted: z.string(),
  resolution: known(z.int().min(1)),
  task: z.string().nullable(),
  taskAsPrinted: z.string(),
  params: z.record(z.string(), constant).default({}),
  degradation: z.string().optional(),
  protocol: protocolSchema.default({}),
  source: z.string().optional(),
  note: z.string().optional(),
  metrics: z.array(z.string()).min(1),
  figures: z.record(z.string(), z.array(z.number().nullable())),
  notes: z.array(z.object({ method: z.string(), metric: z.string(), note: z.string() })).default([]),
});

/** A paper's published figures as a file holds them; docs/published-figures.md says what each key means. */
export const paperSchema = z.object({
  paper: z.object({ title: z.string(), label: z.string(), arxiv: z.string(), venue: z.string() }),
  firstHand: z.boolean(),
  sources: z.array(z.string()).min(1),
  missing: z.string().optional(),
  methods: z.record(
    z.string(),
    z.object({
      solver: z.string().nullable(),
      nfe: known(z.int().min(1)).default(UNKNOWN),
      own: z.boolean().default(false),
    }),
  ),
  metrics: z.record(
    z.string(),
    z.object({ metric: z.enum(FAMILIES).nullable(), scale: z.number().positive().default(1) }),
  ),
  protocol: protocolSchema.default({}),
  tables: z.array(tableSchema).min(1),
});

export type PaperFile = z.infer<typeof paperSchema>;
export type TableFile = PaperFile['tables'][number];
export type Family = (typeof FAMILIES)[number];
