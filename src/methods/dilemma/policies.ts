/** How the cell is chosen that a patch falsely claims as its place (spec section 2). */
export type ClaimPolicy = 'dropped' | 'permute' | 'uniform' | 'near'

/** The policies, for menus. */
export const claimPolicies: readonly { readonly value: ClaimPolicy; readonly label: string }[] = [
  { value: 'dropped', label: 'Dropped cells' },
  { value: 'permute', label: 'Permute' },
  { value: 'uniform', label: 'Any cell' },
  { value: 'near', label: 'Near cells' },
]
