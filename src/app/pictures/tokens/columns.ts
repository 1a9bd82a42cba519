/** The pictures of an image: as it is, its tokens in colours, how like the chosen patch its patches are. */
export const tokenColumns = [
  { id: 'image', label: 'Image', help: 'The image as it is in CIFAR-10.' },
  {
    id: 'colours',
    label: 'Token colours',
    help: 'What the network makes of each patch: the first three principal components of the tokens of all these images, as red, green and blue. Patches of one colour are alike to the network.',
  },
  {
    id: 'similarity',
    label: 'Similarity',
    help: 'The cosine of each patch’s token with that of the chosen patch, which has a square frame. The circle is the best match in each other image.',
  },
] as const
