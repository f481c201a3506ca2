// MT1040 to MT1049 and MT2040 to MT2044: variables, connections, secrets and pools.
extension ErrorCode {
    /// Text or a file that should be a secret key is none.
    public static let secretKeyInvalid = ErrorCode(1040)
    /// There are sealed values, and no key to open them with.
    public static let secretKeyMissing = ErrorCode(1041)
    /// A value was sealed with another key than those at hand.
    public static let secretKeyWrong = ErrorCode(1042)
    /// Other users may read the file of the secret key.
    public static let secretKeyExposed = ErrorCode(1043)
    /// A sealed value was changed, cut, or belongs to another name.
    public static let secretDamaged = ErrorCode(1044)
    /// There is no variable of that name.
    public static let variableUnknown = ErrorCode(1045)
    /// There is no connection of that id.
    public static let connectionUnknown = ErrorCode(1046)
    /// There is no pool of that name.
    public static let poolUnknown = ErrorCode(1047)
    /// The fields or the URI of a connection are wrong.
    public static let connectionInvalid = ErrorCode(1048)
    /// `default_pool` cannot be deleted.
    public static let poolProtected = ErrorCode(1049)
    /// A step asks for a variable that nothing defines.
    public static let variableUndefined = ErrorCode(2040)
    /// A step asks for a connection that nothing defines.
    public static let connectionUndefined = ErrorCode(2041)
    /// A step wrote an output to a path that holds one of its secrets.
    public static let secretInPath = ErrorCode(2042)
    /// What a connection points to cannot be reached.
    public static let connectionUnreachable = ErrorCode(2043)
    /// A connection of this type cannot be tested.
    public static let connectionUntestable = ErrorCode(2044)
}
