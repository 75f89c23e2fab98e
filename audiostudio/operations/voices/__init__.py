"""What a user can ask for of voices of the own: look at samples, agree, make, keep, share."""
