/// A certificate for this machine and its key, made with openssl for these tests and used nowhere else.
enum TestCertificate {
    /// The certificate, for `localhost` and 127.0.0.1.
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBnDCCAUGgAwIBAgIULw9VXnVkCgZQdjh6V2ewEs+dR4cwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzIxMDczOFoYDzIxMjYxMDMw
        MjEwNzM4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAASgN2rQhOj6XsNigqgZmSHM3aqi0ajuHL81d8iklSgVANx5t9c6j9Qi
        y5ZYvqNfEVRUY7Osau0ijOfQpN1089gfo28wbTAdBgNVHQ4EFgQUKiantrruA0WF
        OfYufQSjqK9nRI4wHwYDVR0jBBgwFoAUKiantrruA0WFOfYufQSjqK9nRI4wDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSQAwRgIhAMJzVeo/564Lj3awRkyBLnQy7R3Bs7rz140vFQ+caCUJAiEA
        idAqAmIXpLdWPDyJC3B8xMoT0uIQXxpyyJyxWO9yPDw=
        -----END CERTIFICATE-----
        """

    /// Its key.
    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQR9swDa3BsERb/wq
        YlkQOMxV21zLsJI3lrF6/FMcGdqhRANCAASgN2rQhOj6XsNigqgZmSHM3aqi0aju
        HL81d8iklSgVANx5t9c6j9Qiy5ZYvqNfEVRUY7Osau0ijOfQpN1089gf
        -----END PRIVATE KEY-----
        """
}
