import { vitLayerOf, type VitConfig } from '../../models/vit.ts'

/**
 * The layer of a host's parameter for layer-wise learning rate decay: as `vitLayerOf` within the backbone, null for heads,
 * detector and decoder, which no representation uses.
 * @param prefix what the names of the backbone begin with
 */
export const backboneLayerOf = (
  name: string,
  prefix: string,
  config: Pick<VitConfig, 'depth'>,
): number | null => (name.startsWith(prefix) ? vitLayerOf(name.slice(prefix.length), config) : null)

/** The layer of a classifier's head on a backbone. */
export const lastLayerOf = ({ depth }: Pick<VitConfig, 'depth'>): number => depth + 1
