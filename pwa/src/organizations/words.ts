/** Chinese for what the server names in codes. */
export const HOST_KIND_WORDS: Record<string, string> = { community: '社区', enterprise: '企业' }
export const LEVEL_WORDS: Record<string, string> = { city: '市派', county: '县派' }
export const BRANCH_LEVEL_WORDS: Record<string, string> = { city: '市级', county: '县级' }
export const CATEGORY_WORDS: Record<string, string> = { party_mass: '党群机关', government: '政府机关', institution: '事业单位', enterprise: '企业' }
