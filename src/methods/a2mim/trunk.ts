import type * as tf from '@tensorflow/tfjs'

/** Sizes of a trunk. A cell is a square of pixels: a patch of a ViT, a position of a ResNet's feature map. */
export interface TrunkShape {
  /** Side in pixels of a cell of the map that the mask token enters: the resolution of the mask. */
  readonly tokenStride: number
  /** Channels of that map. */
  readonly tokenWidth: number
  /** Side in pixels of a cell of the result. */
  readonly stride: number
  /** Channels of the result. */
  readonly width: number
}

/** What a forward pass through a trunk may do and hand out on its way. */
export interface TrunkOptions {
  /**
   * Changes the features [B, T, C] where the mask token enters, of which the first `others` tokens are no cells: a class
   * token. By rows of the grid.
   */
  readonly enter?: (features: tf.Tensor3D, others: number) => tf.Tensor3D
  /**
   * Receives the map [B, h, w, C] of the stem or the patch embedding (0), before any mask token, and that of every stage or
   * block (from 1), and says what goes on in its place: the map itself, unless it is to be changed.
   */
  readonly through?: (map: tf.Tensor4D, stage: number) => tf.Tensor4D
  /** Drop path of a ViT: see `VitOptions`. */
  readonly pathFactors?: tf.Tensor2D | undefined
}

/** A network as A²MIM needs it, whichever it is: something enters its features on the way, and features of cells come out. */
export interface Trunk {
  /** Images [B, S, S, 3] to features [B, cells, C], by rows of the grid. */
  run(images: tf.Tensor4D, options?: TrunkOptions): tf.Tensor3D
  /** New values of running statistics after a `run`, by the names of their parameters; nothing where there are none. */
  readonly updates: Readonly<Record<string, tf.Tensor>>
}
