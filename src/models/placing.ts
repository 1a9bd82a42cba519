import * as tf from '@tensorflow/tfjs'
import { gatherTokens } from '../engine/ops/tokens.ts'
import type { ParameterSource } from '../engine/parameters.ts'
import { addToEach } from './broadcast.ts'
import { claimedPositions, keepTokens, rearrangePositions, type CellPositions } from './cells.ts'
import { sincosPositions } from './sincos.ts'
import { gridOf, tokensOf, type VitConfig } from './vitSpecs.ts'

/** Patches that every image shows on its own, and where it says that they lie; whole numbers in float32. */
export interface ShownCells {
  /** Cells whose patches are shown, in the order of the tokens, [B, k]. */
  readonly real: tf.Tensor2D
  /** Cells whose rows of the position table these tokens take, [B, k]: the real ones, or false ones (DILEMMA). */
  readonly claimed: tf.Tensor2D
}

/** Which cells take part in a forward pass, and where. */
export interface VitPlaces {
  /**
   * Cells whose patch tokens go into the first block, [kept], whole numbers in float32, the same for all images; all
   * when absent. A token keeps its position, and a class token stays.
   */
  readonly kept?: tf.Tensor1D
  /** See `CellPositions`; as they are when absent. */
  readonly positions?: CellPositions
  /**
   * Cells that each image shows of its own, in place of `kept`; a class token stays as it is. Not together with relative
   * positions, which know only true places.
   */
  readonly shown?: ShownCells | undefined
  /** Rows [1, N, D] for the patches in place of those of the network's own table: for images of another grid. */
  readonly positionTable?: tf.Tensor3D | undefined
}

/** Patch embeddings [B, N, D] to tokens [B, T, D] with positions, the class token first where there is one. */
export function placeTokens(
  config: VitConfig,
  parameters: ParameterSource,
  patches: tf.Tensor3D,
  { kept, positions, shown, positionTable }: VitPlaces,
): tf.Tensor3D {
  const first = config.classToken ? 1 : 0
  const table = tableOf(config, parameters, positionTable)
  const places = positions === undefined ? table : rearrangePositions(table, positions, first)
  if (shown !== undefined) {
    if (config.relativePositions) throw new Error('shown cells know no relative positions')
    const tokens = withClass(config, parameters, gatherTokens(patches, shown.real))
    return tokens.add(claimedPositions(places, shown.claimed, first))
  }
  const tokens = withClass(config, parameters, patches)
  // Nothing is to be learned about a fixed table.
  const placed =
    config.positions === 'sincos' ? tokens.add<tf.Tensor3D>(places) : addToEach(tokens, places)
  return kept === undefined ? placed : keepTokens(placed, kept, first)
}

/** Tokens [B, n, D] after the class token, where there is one. */
function withClass(
  { classToken, width }: VitConfig,
  parameters: ParameterSource,
  tokens: tf.Tensor3D,
): tf.Tensor3D {
  if (!classToken) return tokens
  // Spread by an addition: the gradient of tfjs' tile takes an addition for every copy.
  const none = tf.zeros<tf.Rank.R3>([tokens.shape[0], 1, width])
  return tf.concat([addToEach(none, parameters.get('cls_token')), tokens], 1)
}

/** The position table [1, T, D]: a class token has a row of zeros where the network's own table has none for it. */
function tableOf(
  config: VitConfig,
  parameters: ParameterSource,
  ofPatches: tf.Tensor3D | undefined,
): tf.Tensor3D {
  const { width, classToken, positions } = config
  if (positions === 'sincos' && ofPatches === undefined) return fixedTable(config)
  const own = (): tf.Tensor3D => parameters.get('pos_embed') as tf.Tensor3D
  if (positions === 'learned' && ofPatches === undefined) return own()
  const rows = ofPatches ?? own()
  if (!classToken) return rows
  const ofClass =
    positions === 'learned' ? own().slice([0, 0, 0], [1, 1, width]) : tf.zeros([1, 1, width])
  return tf.concat([ofClass as tf.Tensor3D, rows], 1)
}

function fixedTable(config: VitConfig): tf.Tensor3D {
  const { width, classToken } = config
  const ofClass = new Float32Array(classToken ? width : 0)
  const ofPatches = sincosPositions(gridOf(config), width)
  return tf.tensor3d(Float32Array.of(...ofClass, ...ofPatches), [1, tokensOf(config), width])
}
